import { errorMessage, systemErrorCode } from '../../lib/errors.ts'

const closedCodes: readonly (string | undefined)[] = ['EPIPE', 'ERR_STREAM_DESTROYED', 'EOF']

/**
 * Decides what trouble with stdout and stderr means. A reader that has seen enough, like `head`, closes the pipe: that
 * is no fault. An answer that could not be written, as on a full disk, is one: exit code 2.
 */
export function guardOutput(): void {
  // Nobody is left to be told.
  process.stderr.on('error', () => undefined)
  process.stdout.on('error', error => {
    if (isClosed(error)) return
    process.stderr.write(`error: the answer could not be written: ${errorMessage(error)}\n`)
    process.once('exit', () => {
      process.exitCode = 2
    })
  })
}

/** Whether what could not be written has no reader any more. */
export function isClosed(error: unknown): boolean {
  return closedCodes.includes(systemErrorCode(error))
}
