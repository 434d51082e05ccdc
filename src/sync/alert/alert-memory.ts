import { NexusError } from '../../lib/errors.ts'
import type { UserFilesHost } from '../../platform/host.ts'
import { openPrivateDirectory, stateDirectory, storedName } from '../../registry/home/directories.ts'
import { claimFile, readPrivateFile, writePrivateFile } from '../../registry/home/files.ts'
import {
  type AlertMemory,
  type AlertSubject,
  alertChannels,
  alertMemorySchema,
  alertSubjects,
} from '../../registry/schema/alert-memory.ts'

/** Key and mark for the channels that received an alert, in files that earlier versions read. */
export const reportedKey = 'told'

/** Largest memory that is read, in bytes. */
const memoryBytes = 64 * 1024

/** Alerts take less than this: a claim that is older was left behind by a process that was killed. */
const claimAgeMs = 60_000

const nothingReported: AlertMemory = { records: {}, deliveries: {} }

/** Loads what was reported about a home. A memory that cannot be read is empty. */
export async function loadAlertMemory(home: string, host: UserFilesHost): Promise<AlertMemory> {
  const path = memoryPath(home, host)
  if (path === undefined) return nothingReported
  const text = await readPrivateFile(path, memoryBytes, host).catch(() => undefined)
  const memory = (text && parseMemory(text)) || nothingReported
  const marks = await loadMarks(path, host)
  return marks.length === 0 ? memory : { ...memory, records: { ...memory.records, ...toRecords(marks) } }
}

/** Throws a NexusError('write'), and then the old memory stands. */
export async function saveAlertMemory(home: string, memory: AlertMemory, host: UserFilesHost): Promise<void> {
  const path = memoryPath(home, host)
  if (path === undefined) return
  await writePrivateFile(path, JSON.stringify(memory), host, { isDurable: false })
  await unmarkReported(home, alertSubjects, host)
}

/**
 * Marks these failures as reported where the memory cannot be written: an empty file for each fits on a full disk.
 * False when it does not. The next memory replaces the marks.
 */
export async function markReported(
  home: string,
  subjects: readonly AlertSubject[],
  host: UserFilesHost,
): Promise<boolean> {
  const path = memoryPath(home, host)
  if (path === undefined) return false
  const create = (subject: AlertSubject) =>
    host.fs.createFile(markPath(path, subject), '', 0o600, { isDurable: false })
  return Promise.all(subjects.map(create)).then(
    () => true,
    () => false,
  )
}

/** Removes such marks. Never rejects. */
export async function unmarkReported(
  home: string,
  subjects: readonly AlertSubject[],
  host: UserFilesHost,
): Promise<void> {
  const path = memoryPath(home, host)
  if (path === undefined) return
  const remove = (subject: AlertSubject) => host.fs.remove(markPath(path, subject))
  await Promise.allSettled(subjects.map(remove))
}

interface Mark {
  readonly subject: AlertSubject
  /** Milliseconds since 1970. */
  readonly madeAt: number
}

async function loadMarks(path: string, { fs }: UserFilesHost): Promise<readonly Mark[]> {
  const marks = await Promise.all(
    alertSubjects.map(async (subject): Promise<Mark[]> => {
      const info = await fs.lstat(markPath(path, subject)).catch(() => undefined)
      return info ? [{ subject, madeAt: info.mtimeMs }] : []
    }),
  )
  return marks.flat()
}

function toRecords(marks: readonly Mark[]): AlertMemory['records'] {
  const records = marks.map(({ subject, madeAt }) => {
    const common = { event: 'failed', status: 'failed', reason: null } as const
    return [
      subject,
      { ...common, since: new Date(madeAt).toISOString(), [reportedKey]: [...alertChannels] },
    ] as const
  })
  return Object.fromEntries(records)
}

function markPath(memory: string, subject: AlertSubject): string {
  return `${memory}.${reportedKey}.${subject}`
}

/**
 * Claims the alerts of a home for this process, so that of two syncs at once only one sends them. Undefined when another
 * process has the claim, or there is no state directory. Rejects when the state directory cannot be used.
 */
export async function claimAlerts(
  home: string,
  host: UserFilesHost,
): Promise<{ release(): Promise<void> } | undefined> {
  const memory = memoryPath(home, host)
  if (memory === undefined) return undefined
  await openPrivateDirectory(host.path.dirname(memory), host)
  const path = `${memory}.telling`
  if (!(await claimFile(path, claimAgeMs, host))) return requireOther(path, host)
  return { release: () => host.fs.remove(path) }
}

// The claim cannot be made, and no other process has it: the directory cannot be written.
async function requireOther(path: string, { fs }: UserFilesHost): Promise<undefined> {
  if (await fs.lstat(path)) return undefined
  throw new NexusError('write', `${path} could not be written`, {
    hint: 'Check with `ls -ld` who may write there, and whether there is space',
  })
}

function parseMemory(text: string): AlertMemory | undefined {
  try {
    return alertMemorySchema.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}

function memoryPath(home: string, host: UserFilesHost): string | undefined {
  const directory = stateDirectory(host)
  return directory && host.path.join(directory, 'alerts', `${storedName(home, host)}.json`)
}
