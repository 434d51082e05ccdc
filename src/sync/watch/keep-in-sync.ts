import { errorMessage, NexusError } from '../../lib/errors.ts'
import type { Host, Signal } from '../../platform/host.ts'
import type { RegistryName } from '../../registry/schema/names.ts'
import type { SyncOptions } from '../sync-options.ts'
import { createEditFinder, type EditFinder, type HomeWatcher } from './home-watcher.ts'
import { answerAnyHome, pollAnyHome } from './large-home.ts'
import { announceNextAttempt, type Poll } from './poll-home.ts'
import type { EventQueue, WatchEvent, WatchRequest } from './watch-events.ts'

interface DaemonOptions extends WatchRequest {
  readonly inbox: EventQueue
  readonly watcher: HomeWatcher
  /** Whether another process has become the daemon of this home. */
  readonly isDisplaced: () => Promise<boolean>
}

/** Until the first sync has read the interval, in milliseconds. */
const firstIntervalMs = 60_000
/** What is written within this time of each other is one edit, in milliseconds. */
const editPauseMs = 100
/** Most such pauses: a file that is written all the time is looked at all the same. */
const mostPauses = 20

/** Polls the home, one poll at a time, until a signal or another daemon ends it. */
export async function keepInSync(keeping: DaemonOptions, host: Host): Promise<Signal | 'displaced'> {
  const { home, inbox } = keeping
  const edits = createEditFinder(home.directory, host)
  await inbox.run(edits.begin)
  let { options } = keeping
  let course: PollState = { intervalMs: firstIntervalMs, failures: 0 }
  for (;;) {
    // Whatever was edited since the last success, this poll sees it.
    if (course.failures > 0) await inbox.run(edits.begin)
    const { poll, dueAt, ...next } = await pollOnce({ ...keeping, options, course }, host)
    course = next
    const ending = inbox.ending() ?? ((await keeping.isDisplaced()) ? 'displaced' : undefined)
    if (ending) return ending
    options = await pause({ ...keeping, options, edits, poll, dueAt }, host)
    const told = inbox.ending()
    if (told) return told
  }
}

/** How it goes. */
interface PollState {
  readonly intervalMs: number
  /** Failed polls in a row. */
  readonly failures: number
}

interface PollTurn extends PollState {
  readonly poll: Poll
  /** When the next one is due, a time of the monotonic clock. */
  readonly dueAt: number
}

async function pollOnce(
  keeping: DaemonOptions & { readonly course: PollState },
  host: Host,
): Promise<PollTurn> {
  const { home, inbox, watcher, log, course } = keeping
  await watcher.renew()
  const startedAt = host.clock.elapsed()
  const poll = await inbox.run(interrupted =>
    pollAnyHome({ ...keeping, isFirst: course.failures === 0 }, { ...host, interrupted }),
  )
  const intervalMs = poll.outcome === 'synced' ? poll.intervalMs : course.intervalMs
  const failures = poll.outcome === 'synced' ? 0 : course.failures + 1
  const endedAt = host.clock.elapsed()
  const dueAt = nextDue({ startedAt, endedAt, intervalMs }, host)
  const nextAttempt = inbox.ending() ? null : new Date(host.clock.now() + dueAt - endedAt).toISOString()
  for (const event of toEvents(poll, { failures, nextAttempt })) log(event)
  // Where no state can be kept, nobody can be told of it either.
  await announceNextAttempt(home.directory, nextAttempt, host).catch(() => undefined)
  return { poll, dueAt, intervalMs, failures }
}

// A poll that the end has interrupted has not failed.
function toEvents(
  poll: Poll,
  { failures, nextAttempt }: { readonly failures: number; readonly nextAttempt: string | null },
): WatchEvent[] {
  if (poll.outcome === 'synced') {
    const { changes, upstreams, durationMs: duration_ms, warnings } = poll
    return [{ event: 'synced', changes, upstreams, duration_ms, warnings, next_attempt: nextAttempt }]
  }
  if (nextAttempt === null) return []
  const { error, warnings } = poll
  return [
    {
      event: 'failed',
      during: 'sync',
      ...toErrorSentence(error),
      failures,
      warnings,
      next_attempt: nextAttempt,
    },
  ]
}

function toErrorSentence(error: unknown): { readonly error: string; readonly hint: string | null } {
  if (error instanceof NexusError) return { error: error.message, hint: error.hint ?? null }
  // A defect: without its stack nobody can put it right.
  return { error: errorMessage(error), hint: (error instanceof Error && error.stack) || null }
}

interface Pause extends DaemonOptions {
  readonly edits: EditFinder
  readonly poll: Poll
  /** Time of the monotonic clock. */
  readonly dueAt: number
}

/** Waits for a reason to poll again, and answers with the options to do it with. */
async function pause(waiting: Pause, host: Host): Promise<SyncOptions> {
  const { inbox, dueAt, options } = waiting
  const edited = await findEdits(waiting)
  if (edited.length > 0) return handleEdits(waiting, edited, host)
  for (;;) {
    await inbox.waitUntil(dueAt)
    if (inbox.ending()) return options
    if (inbox.takeReload()) return reload(waiting)
    if (inbox.takeTouch()) {
      const touched = await checkTouched(waiting, host)
      if (touched.length > 0) return handleEdits(waiting, touched, host)
    }
    if (host.clock.elapsed() >= dueAt) return options
  }
}

// What was edited while the poll ran. One that failed does not say what it has written itself.
async function findEdits({ edits, inbox, poll }: Pause): Promise<RegistryName[]> {
  if (poll.outcome === 'failed') return []
  return (await inbox.run(edits.look)).filter(name => !poll.taken.includes(name))
}

async function checkTouched(waiting: Pause, host: Host): Promise<RegistryName[]> {
  for (let round = 0; round < mostPauses; round++) {
    await host.clock.sleep(editPauseMs)
    if (!waiting.inbox.takeTouch()) break
  }
  // A home that is gone was not edited. The next poll says so.
  if (!(await host.fs.stat(waiting.home.directory).catch(() => undefined))) return []
  return waiting.inbox.run(waiting.edits.look)
}

async function handleEdits(
  { home, options, inbox, log }: Pause,
  registries: readonly RegistryName[],
  host: Host,
): Promise<SyncOptions> {
  log({ event: 'edited', registries })
  // What goes wrong here goes wrong in the sync that follows, and is told there.
  await inbox
    .run(interrupted => answerAnyHome(home, options, { ...host, interrupted }))
    .catch(() => undefined)
  return options
}

async function reload({ reload: load, options, log }: Pause): Promise<SyncOptions> {
  try {
    const { options: renewed, files } = await load()
    log({ event: 'reloaded', files })
    return renewed
  } catch (error) {
    log({
      event: 'failed',
      during: 'reload',
      ...toErrorSentence(error),
      warnings: [],
      failures: 1,
      next_attempt: null,
    })
    return options
  }
}

/** How far a poll may be from its time, so that machines that were started together do not ask together. */
const jitter = 0.1
/** Least pause between two polls, as a part of the interval: one that takes longer than the interval gets no others at its heels. */
const leastPause = 0.1

interface PollTimes {
  /** Times of the monotonic clock, and the interval, in milliseconds. */
  readonly startedAt: number
  readonly endedAt: number
  readonly intervalMs: number
}

/** When the next poll is due: an interval after the last one began, give or take a tenth. */
export function nextDue(
  { startedAt, endedAt, intervalMs }: PollTimes,
  host: Pick<Host, 'randomName'>,
): number {
  const fraction = Number.parseInt(host.randomName().slice(0, 8), 16) / 0xffff_ffff
  const period = intervalMs * (1 + jitter * (2 * fraction - 1))
  return Math.max(startedAt + period, endedAt + intervalMs * leastPause)
}
