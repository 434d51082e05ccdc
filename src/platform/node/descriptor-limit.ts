import { readFileSync } from 'node:fs'

/**
 * How many files and connections this process may have open. Linux tells it, and it does not change while the process
 * runs, as far as this program is concerned; elsewhere it is not known, and counts as infinite.
 */
export function readDescriptorLimit(): number {
  try {
    const limit = /^Max open files +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1]
    return limit === undefined ? Number.POSITIVE_INFINITY : Number(limit)
  } catch {
    return Number.POSITIVE_INFINITY
  }
}
