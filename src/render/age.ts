import { describeAge } from '../core/age.ts'

/** See `describeAge`. */
export function renderAge(ms: number): string {
  return describeAge(ms)
}
