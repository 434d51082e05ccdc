import { systemErrorCode } from '../../lib/errors.ts'

/** Does something with a file that another process may have moved away: false when it was not there. */
export async function unlessMissing(operation: () => Promise<void>): Promise<boolean> {
  try {
    await operation()
    return true
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return false
    throw error
  }
}
