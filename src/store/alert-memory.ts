import type { Host } from '../core/host.ts'
import { type AlertMemory, alertMemorySchema } from '../schema/alert-memory.ts'
import { claimFile } from './claim-file.ts'
import { openPrivateDirectory, stateDirectory } from './directories.ts'
import { readPrivateFile, writePrivateFile } from './private-file.ts'
import { storedName } from './stored-name.ts'

type MemoryHost = Pick<Host, 'env' | 'userHome' | 'uid' | 'path' | 'fs' | 'clock' | 'sha256' | 'randomName'>

/** Largest memory that is read, in bytes. */
const memoryBytes = 64 * 1024

/** Alerts take less than this: a claim that is older was left behind by a process that was killed. */
const claimAgeMs = 60_000

const nothingTold: AlertMemory = { records: {}, deliveries: {} }

/** What was told about a home. What cannot be read was never told. */
export async function loadAlertMemory(home: string, host: MemoryHost): Promise<AlertMemory> {
  const path = memoryPath(home, host)
  const text = path && (await readPrivateFile(path, memoryBytes, host).catch(() => undefined))
  return (text && parseMemory(text)) || nothingTold
}

/** Throws a NexusError('write'), and then the old memory stands. */
export async function saveAlertMemory(home: string, memory: AlertMemory, host: MemoryHost): Promise<void> {
  const path = memoryPath(home, host)
  if (path !== undefined) await writePrivateFile(path, JSON.stringify(memory), host, { isDurable: false })
}

/**
 * Makes this process the one that tells about a home, so that two that sync at once do not both tell. Answers with what
 * gives that back; undefined when another one tells, or nothing can be remembered. Rejects when the place for it cannot
 * be used.
 */
export async function claimAlerts(
  home: string,
  host: MemoryHost,
): Promise<{ release(): Promise<void> } | undefined> {
  const memory = memoryPath(home, host)
  if (memory === undefined) return undefined
  await openPrivateDirectory(host.path.dirname(memory), host)
  const path = `${memory}.telling`
  if (!(await claimFile(path, claimAgeMs, host))) return undefined
  return { release: () => host.fs.remove(path) }
}

function parseMemory(text: string): AlertMemory | undefined {
  try {
    return alertMemorySchema.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}

function memoryPath(home: string, host: MemoryHost): string | undefined {
  const directory = stateDirectory(host)
  return directory && host.path.join(directory, 'alerts', `${storedName(home, host)}.json`)
}
