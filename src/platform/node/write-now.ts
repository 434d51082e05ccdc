import { writeSync } from 'node:fs'
import { systemErrorCode } from '../../lib/errors.ts'
import { isClosed } from './guard-output.ts'

/** How long a reader that has not yet taken the last piece is given before it is offered the next one again. */
const pauseMs = 1

/** Writes to stdout before it returns; false when nobody reads any more. Other trouble is told as that of any write. */
export function writeNow(data: string | Uint8Array): boolean {
  let rest: Uint8Array = typeof data === 'string' ? new TextEncoder().encode(data) : data
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(1, rest))
    } catch (error) {
      if (systemErrorCode(error) === 'EAGAIN') pause()
      else {
        if (!isClosed(error)) process.stdout.emit('error', error)
        return false
      }
    }
  }
  return true
}

function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pauseMs)
}
