import { describeAge } from './age.ts'

/** See `describeAge`. */
export function renderAge(ms: number): string {
  return describeAge(ms)
}
