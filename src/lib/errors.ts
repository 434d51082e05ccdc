/** Kind of an error. Every kind ends the program with exit code 2, but for `interrupted` (130). */
export type ErrorCode =
  | 'usage'
  | 'input'
  | 'home'
  | 'config'
  | 'trust'
  | 'lock'
  | 'write'
  | 'serve'
  | 'interrupted'

/** An error that a person can fix: it says what, where, and how. */
export class NexusError extends Error {
  readonly code: ErrorCode
  /** What to do about it, a sentence. */
  readonly hint: string | undefined

  constructor(code: ErrorCode, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'NexusError'
    this.code = code
    this.hint = options.hint
  }
}

/** The system's code of an error, like `ENOENT`; undefined when it has none. */
export function systemErrorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}

/** Message of anything that was thrown. */
export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

// EBUSY: a process of the same program could not be killed, so no other one is started.
const shortages: readonly (string | null | undefined)[] = ['EMFILE', 'ENFILE', 'ENOMEM', 'EAGAIN', 'EBUSY']

/**
 * Whether the system had no descriptor, memory or process left. This is temporary, and says nothing about the file or
 * program that was wanted.
 */
export function isShortage(error: unknown): boolean {
  return isShortageCode(systemErrorCode(error))
}

/** The same for the system's code of an error. */
export function isShortageCode(code: string | null | undefined): boolean {
  return shortages.includes(code)
}
