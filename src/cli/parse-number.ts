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

/** A port to listen on; 0 for any that is free. */
export function parsePort(text: string): number {
  const port = Number(text)
  if (/^\d+$/.test(text) && port <= 65_535) return port
  throw new InvalidArgumentError('It takes a port, from 0 to 65535.')
}
