import type { Variable } from '../../registry/refs.ts'
import { assertName, type Shell, toWellFormed } from './shell.ts'

/**
 * `NAME=value` as both `docker run --env-file` and `node --env-file` read it. Docker takes what follows the first `=`
 * as it stands and knows no escape, Node takes off quotes and comments: only bare values mean the same to both.
 */
export const dotenv: Shell = {
  name: 'dotenv',
  render: variables => variables.map(variable => toLine(variable) ?? '').join(''),
  findUnwritable: variables =>
    variables
      .filter(variable => variable.value !== undefined && toLine(variable) === undefined)
      .map(({ name }) => name),
}

function toLine({ name, value }: Variable): string | undefined {
  assertName(name)
  if (value === undefined) return undefined
  const text = toWellFormed(value)
  const line = `${name}=${text}\n`
  return isReadAlike(text) && isShortEnough(line) ? line : undefined
}

// Node ends a value at a line break and at any #, trims it, and takes quotes at its ends for its own.
function isReadAlike(text: string): boolean {
  return !/[\p{Cc}\p{Zl}\p{Zp}#]|^["'`]/u.test(text) && text.trim() === text
}

// Docker's scanner (Go's bufio.MaxScanTokenSize) refuses the whole file for a line of more than 64 KiB with its end.
function isShortEnough(line: string): boolean {
  return new TextEncoder().encode(line).length <= 64 * 1024
}
