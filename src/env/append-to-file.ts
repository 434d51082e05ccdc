import { errorMessage, NexusError, systemErrorCode } from '../lib/errors.ts'
import type { Host } from '../platform/host.ts'

/** A file as a variable of the environment names it. */
export interface NamedFile {
  readonly variable: string
  readonly path: string
}

/**
 * Adds lines to the end of a file. Throws a NexusError('write'): unlike the start of a shell, a step of a workflow that
 * asked for variables and did not get them has to fail, or the next one goes on without them.
 */
export async function appendToFile(
  file: NamedFile,
  text: string,
  host: Pick<Host, 'fs' | 'path' | 'cwd'>,
): Promise<void> {
  const { variable, path } = file
  try {
    await host.fs.appendLines(host.path.resolve(host.cwd, path), text)
  } catch (cause) {
    if (systemErrorCode(cause) === undefined) throw cause
    throw new NexusError(
      'write',
      `${variable} names a file that cannot be added to: ${errorMessage(cause)}`,
      {
        hint: `Let ${variable} name a file that you may write to, or unset it: then the lines are printed`,
        cause,
      },
    )
  }
}
