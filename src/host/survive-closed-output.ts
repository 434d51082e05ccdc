import { systemErrorCode } from '../core/errors.ts'

/** A reader that has seen enough, like `head`, closes the pipe: that is no fault, and nobody is left to tell. */
export function surviveClosedOutput(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', error => {
      if (systemErrorCode(error) !== 'EPIPE') throw error
    })
  }
}
