import { InvalidArgumentError } from 'commander'

/** A whole number from 1 on, for options that count. */
export function parseCount(text: string): number {
  const count = Number(text)
  if (Number.isInteger(count) && count > 0) return count
  throw new InvalidArgumentError('It takes a whole number from 1 on.')
}

/** Seconds as milliseconds, for options that name a deadline. */
export function parseSeconds(text: string): number {
  const seconds = Number(text)
  if (seconds > 0 && seconds <= 3600) return Math.ceil(seconds * 1000)
  throw new InvalidArgumentError('It takes a number of seconds, at most 3600.')
}
