import type { DashboardSource } from '../dashboard/model/dashboard-view.ts'
import { type Key, parseKeys } from '../dashboard/terminal/keys.ts'
import { chooseSymbols } from '../dashboard/terminal/symbols.ts'
import { NexusError } from '../lib/errors.ts'
import { toColorLevel } from '../lib/terminal/style.ts'
import type { Host } from '../platform/host.ts'
import { createHomeWatcher } from '../sync/watch/home-watcher.ts'
import type { CommandContext, ExitCode } from './command-context.ts'
import { createDashboardScreen, type DashboardScreen } from './dashboard-screen.ts'

/** How often it is measured, in milliseconds. */
const everyMs = 5000

/** Shows a dashboard until a key or a signal ends it. The terminal is given back whatever happens. */
export async function watchDashboard(
  source: DashboardSource,
  { host, globals }: Pick<CommandContext, 'host' | 'globals'>,
): Promise<ExitCode> {
  const ending = createEnding<ExitCode>()
  const poke = createWakeUp(host)
  const hasColors = toColorLevel({ stream: host.stdout, env: host.env, color: globals.color }) > 0
  const press = (key: Key) => {
    if (key === 'quit') ending.finish(0)
    else if (key === 'interrupt') ending.finish(130)
    else if (key === 'refresh') poke.now('time')
    else drawing.press(key)
  }
  const screen = host.openScreen({
    onInput: text => ending.guard(() => parseKeys(text).forEach(press)),
    onBlank: () => ending.guard(() => drawing.redraw()),
    onHangup: () => ending.finish(130),
  })
  if (screen === undefined) {
    throw new NexusError('usage', '--watch needs a terminal to show it on', { hint: 'Leave --watch out' })
  }
  const drawing = createDashboardScreen(screen, { name: source.name, signs: chooseSymbols(host), hasColors })
  const watcher = createHomeWatcher(
    source.home ?? '',
    { onChange: () => poke.now('change'), onError: ignore },
    host,
  )
  try {
    drawing.redraw()
    host.interrupted.addEventListener('abort', () => ending.fail(host.interrupted.reason), { once: true })
    if (source.home !== undefined) watcher.renew().catch(ending.fail)
    follow({ source, drawing, poke, isOver: ending.isOver }, host).catch(ending.fail)
    return await ending.ended
  } finally {
    screen.close()
    poke.now('time')
    await watcher.close()
  }
}

// Changes are seen at the next look then.
function ignore(): void {}

interface Following {
  readonly source: DashboardSource
  readonly drawing: DashboardScreen
  readonly poke: WakeUp
  readonly isOver: () => boolean
}

/** Shows what is known at once, then what is measured again and again, and what changes in between. */
async function follow({ source, drawing, poke, isOver }: Following, host: Host): Promise<void> {
  const first = await source.peek()
  if (first !== undefined) drawing.show(first)
  let nextAt = host.clock.elapsed()
  while (!isOver()) {
    const isDue = host.clock.elapsed() >= nextAt
    if (isDue) nextAt = host.clock.elapsed() + everyMs
    const view = await (isDue ? source.load() : source.peek()).catch(error =>
      drawing.tell(toErrorText(error), host.clock.now()),
    )
    if (isOver()) return
    if (view) drawing.show(view)
    const reason = await poke.wait(nextAt - host.clock.elapsed())
    if (reason === 'time') nextAt = host.clock.elapsed()
  }
}

function toErrorText(error: unknown): NexusError {
  if (error instanceof NexusError && error.code !== 'interrupted') return error
  throw error
}

/** How something that goes on comes to its end: the first word counts. */
interface Ending<Value> {
  readonly ended: Promise<Value>
  readonly isOver: () => boolean
  readonly finish: (value: Value) => void
  readonly fail: (error: unknown) => void
  /** Does something that nobody waits for; what it throws is the end. */
  readonly guard: (work: () => void) => void
}

function createEnding<Value>(): Ending<Value> {
  let isOver = false
  let settle: { resolve: (value: Value) => void; reject: (error: unknown) => void } | undefined
  const ended = new Promise<Value>((resolve, reject) => {
    settle = { resolve, reject }
  })
  const finish = (value: Value) => {
    isOver = true
    settle?.resolve(value)
  }
  const fail = (error: unknown) => {
    isOver = true
    settle?.reject(error)
  }
  const guard = (work: () => void) => {
    try {
      if (!isOver) work()
    } catch (error) {
      fail(error)
    }
  }
  return { ended, isOver: () => isOver, finish, fail, guard }
}

type WakeUpReason = 'time' | 'change'

/** A pause that can be cut short. */
interface WakeUp {
  /** Settles after so many milliseconds, or when it is poked; at once when that happened since the last pause. */
  readonly wait: (ms: number) => Promise<WakeUpReason>
  readonly now: (reason: WakeUpReason) => void
}

function createWakeUp({ clock }: Pick<Host, 'clock'>): WakeUp {
  let poked: WakeUpReason | undefined
  let pause: AbortController | undefined
  return {
    wait: async ms => {
      pause = new AbortController()
      if (poked === undefined) await clock.sleep(Math.max(0, ms), pause.signal).catch(() => undefined)
      const reason = poked ?? 'time'
      poked = undefined
      return reason
    },
    now: reason => {
      if (poked !== 'time') poked = reason
      pause?.abort(reason)
    },
  }
}
