import { saveWords } from '../../completion/words.ts'
import { findExports, updateExports } from '../../env/exports.ts'
import { errorMessage, NexusError } from '../../lib/errors.ts'
import type { Host } from '../../platform/host.ts'
import { type BulkTask, type TaskPlace, toTaskPlace, type WorkerOutcome } from '../../platform/worker-task.ts'
import type { RegistryHome } from '../../registry/home/directories.ts'
import { isLargeHome } from '../../registry/load/large-registry.ts'
import { hashWithoutDetected, loadSnapshot } from '../../registry/load/load-snapshot.ts'
import { detectHome } from '../detect-registries.ts'
import type { SyncOptions } from '../sync-options.ts'
import { type Poll, type PollRequest, pollHome } from './poll-home.ts'

// A busy thread handles no signal, so the daemon has another thread work on a large home.

/** Upper bound: a sync and its processes have deadlines of their own. */
const timeoutMs = 86_400_000
/** Time for a task to end after a signal, in milliseconds: the process ends within a second. */
const graceMs = 300

/** Runs `pollHome`, for a large home in another thread. */
export async function pollInThread(request: PollRequest, host: Host): Promise<Poll> {
  const { home, options, isFirst } = request
  if (!(await isLargeHome(home.directory, host))) return pollHome(request, host)
  const input: LargePoll = { home, options, isFirst }
  const outcome = await runInThread('poll-home', input, host)
  if (outcome.outcome === 'done' && isPlainPoll(outcome.result)) return fromPlainPoll(outcome.result)
  if (outcome.outcome === 'failed' && outcome.hasBegun !== true) return pollHome(request, host)
  return { outcome: 'failed', error: toError(outcome), warnings: [] }
}

/** Runs `refreshExports`, for a large home in another thread. */
export async function refreshInThread(home: RegistryHome, options: SyncOptions, host: Host): Promise<void> {
  if (!(await isLargeHome(home.directory, host))) return refreshExports(home, options, host)
  const input: LargeHome = { home, options }
  const outcome = await runInThread('renew-exports', input, host)
  if (outcome.outcome === 'failed' && outcome.hasBegun !== true) await refreshExports(home, options, host)
}

/** SHA-256 of a registry file without `detected`, of a large one in another thread. */
export async function hashInThread(
  { path, size }: { readonly path: string; readonly size: number },
  host: ThreadHost,
): Promise<string> {
  if (size < host.workers.bulkBytes) return hashWithoutDetected(path, host)
  const outcome = await runInThread('hash-registry', path, host)
  if (outcome.outcome === 'done') return String(outcome.result)
  return outcome.outcome === 'failed' ? hashWithoutDetected(path, host) : ''
}

/** What a task needs, in another thread or here. */
export type ThreadHost = TaskPlace & Pick<Host, 'workers' | 'interrupted' | 'fs' | 'sha256'>

function runInThread(
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

/** Runs a task of the daemon; called in the other thread. */
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

/** A poll as plain data: an error loses its class between threads. */
type PlainPoll = Exclude<Poll, FailedPoll> | (Omit<FailedPoll, 'error'> & { readonly plainError: PlainError })

interface PlainError extends Pick<NexusError, 'message'> {
  /** Undefined for a bug. */
  readonly code: NexusError['code'] | undefined
  readonly hint: string | undefined
  readonly stack: string | undefined
}

function toPlainPoll(poll: Poll): PlainPoll {
  if (poll.outcome === 'synced') return poll
  const { error, ...rest } = poll
  const known = error instanceof NexusError ? error : undefined
  const stack = error instanceof Error ? error.stack : undefined
  return {
    ...rest,
    plainError: { code: known?.code, message: errorMessage(error), hint: known?.hint, stack },
  }
}

function fromPlainPoll(poll: PlainPoll): Poll {
  if (poll.outcome === 'synced') return poll
  const { plainError, ...rest } = poll
  return { ...rest, error: fromPlainError(plainError) }
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
  return new Error('reason' in outcome ? outcome.reason : `the sync did not run: ${outcome.outcome}`)
}

/**
 * Renews the cached exports of an edited home after quick probes: it starts no tool and does not write into the home.
 * The sync that follows does both.
 */
async function refreshExports(home: RegistryHome, options: SyncOptions, host: Host): Promise<void> {
  const { configFile, python, timeoutMs, isPlain } = options
  const request = { home: home.directory, configFile, python, timeoutMs, isPlain }
  const pending = await findExports(request, host)
  const snapshot = await loadSnapshot(home.directory, host)
  const probing = { ...options, only: undefined, mode: 'quick', isForced: false } as const
  const { detections } = await detectHome(home, snapshot, probing, host)
  await updateExports(pending, { snapshot, detections, isQuick: true, isWritten: false }, host)
  await saveWords(home, snapshot, host)
}
