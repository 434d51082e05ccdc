import { InvalidArgumentError } from 'commander'

/** A whole number from 1 on, for options that count. */
export function parseCount(text: string): number {
  const count = Number(text)
  if (isWhole(text) && count > 0 && Number.isSafeInteger(count)) return count
  throw new InvalidArgumentError('It takes a whole number from 1 on.')
}

/** How many processes may run at once: what a configuration may say too. */
export function parseConcurrency(text: string): number {
  const count = Number(text)
  if (isWhole(text) && count > 0 && count <= 256) return count
  throw new InvalidArgumentError('It takes a whole number from 1 to 256.')
}

/** Seconds as milliseconds, for options that name a deadline. */
export function parseSeconds(text: string): number {
  const seconds = Number(text)
  if (/^\d*\.?\d+$/.test(text) && seconds > 0 && seconds <= 3600) return Math.ceil(seconds * 1000)
  throw new InvalidArgumentError('It takes a number of seconds, at most 3600.')
}

// Not what JavaScript takes for a number besides: an empty text, 0x10, 1e3.
function isWhole(text: string): boolean {
  return /^\d+$/.test(text)
}

/** A port to listen on; 0 for any that is free. */
export function parsePort(text: string): number {
  const port = Number(text)
  if (isWhole(text) && port <= 65_535) return port
  throw new InvalidArgumentError('It takes a port, from 0 to 65535.')
}
