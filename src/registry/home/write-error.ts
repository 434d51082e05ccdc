import { errorMessage, NexusError, systemErrorCode } from '../../lib/errors.ts'

const freeSpace = 'Free some space there and try again'
const otherHome = 'Choose a place that you may write to, with --home or NEXUS_REGISTRY_HOME'
const fileInTheWay = {
  what: 'a part of that path is a file, where a directory is needed',
  hint: 'Move that file out of the way, or name another place',
}

const explanations: Readonly<Record<string, { what: string; hint: string }>> = {
  ENOSPC: { what: 'no space is left on the disk', hint: freeSpace },
  EDQUOT: { what: 'your disk quota is used up', hint: freeSpace },
  EROFS: { what: 'the file system is read-only', hint: otherHome },
  ENOTDIR: fileInTheWay,
  // Node's recursive mkdir, when the last parent is the file.
  EEXIST: fileInTheWay,
  EACCES: {
    what: 'you may not write there',
    hint: 'Check with `ls -ld` who owns it and who may write to it',
  },
  EPERM: {
    what: 'the system does not permit it',
    hint: 'Check with `ls -ld` who owns it and who may write to it',
  },
}

/** Says what could not be written, where, and what to do. Anything but a system's error comes back as it is. */
export function toWriteError(path: string, error: unknown): unknown {
  const code = systemErrorCode(error)
  // Node's own codes, like ERR_INVALID_ARG_TYPE, are our defects.
  if (error instanceof NexusError || code === undefined || code.startsWith('ERR_')) return error
  const { what, hint } = explanations[code] ?? {
    what: errorMessage(error),
    hint: 'Check the place and try again',
  }
  return new NexusError('write', `${path} could not be written: ${what}. Nothing was changed`, {
    hint,
    cause: error,
  })
}

/** Does something that writes to `path`; the system's errors become a `NexusError('write')`. */
export async function writing<Result>(path: string, write: () => Promise<Result>): Promise<Result> {
  try {
    return await write()
  } catch (error) {
    throw toWriteError(path, error)
  }
}
