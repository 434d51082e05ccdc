import { saveWords } from '../../completion/word-cache.ts'
import { findExports } from '../../env/pending-exports.ts'
import { errorMessage, NexusError } from '../../lib/errors.ts'
import type { Host } from '../../platform/host.ts'
import { type BulkTask, type TaskPlace, toTaskPlace, type WorkerOutcome } from '../../platform/worker-task.ts'
import type { RegistryHome } from '../../registry/home/directories.ts'
import { isLargeHome } from '../../registry/load/large-registry.ts'
import { hashWithoutDetected, loadSnapshot } from '../../registry/load/load-snapshot.ts'
import { detectHome } from '../detect-registries.ts'
import type { SyncOptions } from '../sync-options.ts'
import { type Poll, type PollRequest, pollHome } from './poll-home.ts'

// A thread that is busy sees no signal, so what the daemon does with a large home is done in another one.

/** A sync and what it starts have deadlines of their own: this one is only there to be one. */
const timeoutMs = 86_400_000
/** Time for a task to come to an end after a signal: the process has less than a second. */
const graceMs = 300

/** Like `pollHome`; a large home is synced in another thread. */
export async function pollAnyHome(request: PollRequest, host: Host): Promise<Poll> {
  const { home, options, isFirst } = request
  if (!(await isLargeHome(home.directory, host))) return pollHome(request, host)
  const input: LargePoll = { home, options, isFirst }
  const outcome = await doInThread('poll-home', input, host)
  if (outcome.outcome === 'done' && isPlainPoll(outcome.result)) return fromPlainPoll(outcome.result)
  if (outcome.outcome === 'failed' && outcome.hasBegun !== true) return pollHome(request, host)
  return { outcome: 'failed', error: toError(outcome), warnings: [] }
}

/** Like `answerAnew`; the exports of a large home are rendered in another thread. */
export async function answerAnyHome(home: RegistryHome, options: SyncOptions, host: Host): Promise<void> {
  if (!(await isLargeHome(home.directory, host))) return refreshExports(home, options, host)
  const input: LargeHome = { home, options }
  const outcome = await doInThread('renew-exports', input, host)
  if (outcome.outcome === 'failed' && outcome.hasBegun !== true) await refreshExports(home, options, host)
}

/** SHA-256 of a registry file without `detected`; of a large one another thread finds it out. */
export async function hashAnyRegistry(
  { path, size }: { readonly path: string; readonly size: number },
  host: ThreadHost,
): Promise<string> {
  if (size < host.workers.bulkBytes) return hashWithoutDetected(path, host)
  const outcome = await doInThread('hash-registry', path, host)
  if (outcome.outcome === 'done') return String(outcome.result)
  return outcome.outcome === 'failed' ? hashWithoutDetected(path, host) : ''
}

/** What it takes to have a thread do something, or to do it without one. */
export type ThreadHost = TaskPlace & Pick<Host, 'workers' | 'interrupted' | 'fs' | 'sha256'>

function doInThread(
  kind: BulkTask['kind'],
  input: unknown,
  host: ThreadHost,
): Promise<WorkerOutcome<unknown>> {
  const { workers, interrupted: signal } = host
  return workers.doBulk(
    { kind, input, place: toTaskPlace(host) },
    { timeoutMs, client: kind, signal, graceMs },
  )
}

/** What the other thread does. */
export async function doWatchTask({ kind, input }: BulkTask, host: Host): Promise<unknown> {
  if (kind === 'hash-registry') return hashWithoutDetected(String(input), host)
  if (!isLargeInput(input)) throw new Error(`${kind} needs a home and options`)
  if (kind === 'renew-exports') return refreshExports(input.home, input.options, host)
  const { sync } = await import('../sync.ts')
  return toPlainPoll(await pollHome({ ...input, sync }, host))
}

interface LargeHome {
  readonly home: RegistryHome
  readonly options: SyncOptions
}

interface LargePoll extends LargeHome {
  readonly isFirst: boolean
}

function isLargeInput(input: unknown): input is LargePoll {
  return typeof input === 'object' && input !== null && 'home' in input && 'options' in input
}

type FailedPoll = Extract<Poll, { outcome: 'failed' }>

/** A poll as plain data: errors lose their class and what they carry on the way to another thread. */
type PlainPoll = Exclude<Poll, FailedPoll> | (Omit<FailedPoll, 'error'> & { readonly fault: PlainError })

interface PlainError extends Pick<NexusError, 'message'> {
  /** Undefined for a defect. */
  readonly code: NexusError['code'] | undefined
  readonly hint: string | undefined
  readonly stack: string | undefined
}

function toPlainPoll(poll: Poll): PlainPoll {
  if (poll.outcome === 'synced') return poll
  const { error, ...rest } = poll
  const known = error instanceof NexusError ? error : undefined
  const stack = error instanceof Error ? error.stack : undefined
  return { ...rest, fault: { code: known?.code, message: errorMessage(error), hint: known?.hint, stack } }
}

function fromPlainPoll(poll: PlainPoll): Poll {
  if (poll.outcome === 'synced') return poll
  const { fault, ...rest } = poll
  return { ...rest, error: fromPlainError(fault) }
}

function fromPlainError({ code, message, hint, stack }: PlainError): Error {
  if (code !== undefined) return new NexusError(code, message, hint === undefined ? {} : { hint })
  return Object.assign(new Error(message), stack === undefined ? {} : { stack })
}

function isPlainPoll(result: unknown): result is PlainPoll {
  return typeof result === 'object' && result !== null && 'outcome' in result
}

function toError(outcome: WorkerOutcome<unknown>): Error {
  if (outcome.outcome === 'cancelled') return new NexusError('interrupted', 'Interrupted by a signal')
  return new Error('reason' in outcome ? outcome.reason : `the sync was not done: ${outcome.outcome}`)
}

/**
 * Renders anew what shells read of a home that was edited, after a quick look: no tool is started, and nothing is
 * written into the home. The sync that follows does both.
 */
async function refreshExports(home: RegistryHome, options: SyncOptions, host: Host): Promise<void> {
  const { configFile, python, timeoutMs, isPlain } = options
  const question = { home: home.directory, configFile, python, timeoutMs, isPlain }
  const pending = await findExports(question, host)
  const snapshot = await loadSnapshot(home.directory, host)
  const look = { ...options, only: undefined, mode: 'quick', isForced: false } as const
  const { detections } = await detectHome(home, snapshot, look, host)
  await pending.answer({ snapshot, detections }, { isQuick: true, isWritten: false })
  await saveWords(home, snapshot, host)
}
