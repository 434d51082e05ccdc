import { errorMessage, NexusError } from '../../lib/errors.ts'
import type { Host, Signal } from '../../platform/host.ts'
import type { RegistryName } from '../../registry/schema/names.ts'
import type { SyncOptions } from '../sync-options.ts'
import { createEditFinder, type EditFinder, type HomeWatcher } from './home-watcher.ts'
import { pollInThread, refreshInThread } from './large-home.ts'
import { announceNextAttempt, type Poll } from './poll-home.ts'
import type { EventQueue, WatchEvent, WatchRequest } from './watch-events.ts'

interface DaemonOptions extends WatchRequest {
  readonly queue: EventQueue
  readonly watcher: HomeWatcher
  /** Whether another process has become the daemon of this home. */
  readonly isDisplaced: () => Promise<boolean>
}

/** Interval until the first sync has read it, in milliseconds. */
const firstIntervalMs = 60_000
/** Writes within this time of each other are one edit, in milliseconds. */
const editPauseMs = 100
/** Most such pauses, for a file that is written all the time. */
const mostPauses = 20

/** Polls the home, one poll at a time, until a signal or another daemon ends it. */
export async function keepInSync(daemon: DaemonOptions, host: Host): Promise<Signal | 'displaced'> {
  const { home, queue } = daemon
  const edits = createEditFinder(home.directory, host)
  await queue.run(edits.begin)
  let { options } = daemon
  let state: PollState = { intervalMs: firstIntervalMs, failures: 0 }
  for (;;) {
    // This poll handles all edits since the last success.
    if (state.failures > 0) await queue.run(edits.begin)
    const { poll, dueAt, ...next } = await pollOnce({ ...daemon, options, state }, host)
    state = next
    const ending = queue.ending() ?? ((await daemon.isDisplaced()) ? 'displaced' : undefined)
    if (ending) return ending
    options = await waitForNextPoll({ ...daemon, options, edits, poll, dueAt }, host)
    const signal = queue.ending()
    if (signal) return signal
  }
}

interface PollState {
  readonly intervalMs: number
  /** Failed polls in a row. */
  readonly failures: number
}

interface PollResult extends PollState {
  readonly poll: Poll
  /** When the next poll is due, a time of the monotonic clock. */
  readonly dueAt: number
}

/** One poll, from the sync to its log lines. */
async function pollOnce(
  daemon: DaemonOptions & { readonly state: PollState },
  host: Host,
): Promise<PollResult> {
  const { home, queue, watcher, log, state } = daemon
  await watcher.renew()
  const startedAt = host.clock.elapsed()
  const poll = await queue.run(interrupted =>
    pollInThread({ ...daemon, isFirst: state.failures === 0 }, { ...host, interrupted }),
  )
  const endedAt = host.clock.elapsed()
  const { intervalMs, failures } = toNextState(poll, state)
  const dueAt = nextDue({ startedAt, endedAt, intervalMs }, host)
  const nextAttempt = queue.ending() ? null : new Date(host.clock.now() + dueAt - endedAt).toISOString()
  for (const event of toEvents(poll, { failures, nextAttempt })) log(event)
  // Without a state directory, `status` shows no next attempt.
  await announceNextAttempt(home.directory, nextAttempt, host).catch(() => undefined)
  return { poll, dueAt, intervalMs, failures }
}

function toNextState(poll: Poll, { intervalMs, failures }: PollState): PollState {
  if (poll.outcome === 'synced') return { intervalMs: poll.intervalMs, failures: 0 }
  return { intervalMs, failures: failures + 1 }
}

// An interrupted poll did not fail.
function toEvents(
  poll: Poll,
  { failures, nextAttempt }: { readonly failures: number; readonly nextAttempt: string | null },
): WatchEvent[] {
  if (poll.outcome === 'synced') {
    const { changes, upstreams, durationMs: duration_ms, warnings } = poll
    return [{ event: 'synced', changes, upstreams, duration_ms, warnings, next_attempt: nextAttempt }]
  }
  if (nextAttempt === null) return []
  return [toFailure('sync', poll, { failures, nextAttempt })]
}

function toFailure(
  during: 'sync' | 'reload',
  { error, warnings }: { readonly error: unknown; readonly warnings: readonly string[] },
  { failures, nextAttempt }: { readonly failures: number; readonly nextAttempt: string | null },
): WatchEvent {
  return { event: 'failed', during, ...toErrorText(error), failures, warnings, next_attempt: nextAttempt }
}

function toErrorText(error: unknown): { readonly error: string; readonly hint: string | null } {
  if (error instanceof NexusError) return { error: error.message, hint: error.hint ?? null }
  // A bug: its stack is what a developer needs.
  return { error: errorMessage(error), hint: (error instanceof Error && error.stack) || null }
}

interface Wait extends DaemonOptions {
  readonly edits: EditFinder
  readonly poll: Poll
  /** Time of the monotonic clock. */
  readonly dueAt: number
}

/** Waits until a poll is due, a file was edited or a reload was requested. Returns the options of the next poll. */
async function waitForNextPoll(wait: Wait, host: Host): Promise<SyncOptions> {
  const { queue, dueAt, options } = wait
  const edited = await findEditsDuringPoll(wait)
  if (edited.length > 0) return handleEdits(wait, edited, host)
  for (;;) {
    await queue.waitUntil(dueAt)
    if (queue.ending()) return options
    if (queue.takeReload()) return reload(wait)
    if (queue.takeTouch()) {
      const touched = await findEditsAfterTouch(wait, host)
      if (touched.length > 0) return handleEdits(wait, touched, host)
    }
    if (host.clock.elapsed() >= dueAt) return options
  }
}

// A poll that failed does not say what it has written itself.
async function findEditsDuringPoll({ edits, queue, poll }: Wait): Promise<RegistryName[]> {
  if (poll.outcome === 'failed') return []
  return (await queue.run(edits.check)).filter(name => !poll.synced.includes(name))
}

async function findEditsAfterTouch({ home, queue, edits }: Wait, host: Host): Promise<RegistryName[]> {
  for (let round = 0; round < mostPauses; round++) {
    await host.clock.sleep(editPauseMs)
    if (!queue.takeTouch()) break
  }
  // A home that was removed was not edited: the next poll fails.
  if (!(await host.fs.stat(home.directory).catch(() => undefined))) return []
  return queue.run(edits.check)
}

async function handleEdits(
  { home, options, queue, log }: Wait,
  registries: readonly RegistryName[],
  host: Host,
): Promise<SyncOptions> {
  log({ event: 'edited', registries })
  // The sync that follows fails for the same reason, and logs it.
  await queue
    .run(interrupted => refreshInThread(home, options, { ...host, interrupted }))
    .catch(() => undefined)
  return options
}

async function reload({ reload: load, options, log }: Wait): Promise<SyncOptions> {
  try {
    const { options: renewed, files } = await load()
    log({ event: 'reloaded', files })
    return renewed
  } catch (error) {
    log(toFailure('reload', { error, warnings: [] }, { failures: 1, nextAttempt: null }))
    return options
  }
}

/** A poll starts up to this part of the interval earlier or later, so that machines do not poll an upstream together. */
const jitter = 0.1
/** Least wait between two polls, a part of the interval, for polls that take longer than the interval. */
const leastPause = 0.1

interface PollTimes {
  /** Times of the monotonic clock, and the interval, in milliseconds. */
  readonly startedAt: number
  readonly endedAt: number
  readonly intervalMs: number
}

/** When the next poll is due: an interval after the start of the last one, give or take a tenth. */
export function nextDue(
  { startedAt, endedAt, intervalMs }: PollTimes,
  host: Pick<Host, 'randomName'>,
): number {
  const fraction = Number.parseInt(host.randomName().slice(0, 8), 16) / 0xffff_ffff
  const period = intervalMs * (1 + jitter * (2 * fraction - 1))
  return Math.max(startedAt + period, endedAt + intervalMs * leastPause)
}
