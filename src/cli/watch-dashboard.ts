import type { DashboardSource } from '../dashboard/model/dashboard-view.ts'
import { chooseSymbols } from '../dashboard/terminal/canvas.ts'
import { type Key, parseKeys } from '../dashboard/terminal/keys.ts'
import { NexusError } from '../lib/errors.ts'
import { toColorLevel } from '../lib/terminal/style.ts'
import type { Host } from '../platform/host.ts'
import { createHomeWatcher } from '../sync/watch/home-watcher.ts'
import type { CommandContext, ExitCode } from './command-context.ts'
import { createDashboardScreen, type DashboardScreen } from './dashboard-screen.ts'

/** Milliseconds between two measurements. */
const intervalMs = 5000

/** Shows a dashboard until a key or a signal ends it. Always restores the terminal. */
export async function watchDashboard(
  source: DashboardSource,
  { host, globals, print }: Pick<CommandContext, 'host' | 'globals' | 'print'>,
): Promise<ExitCode> {
  const ending = createEnding<ExitCode>()
  const wakeUp = createWakeUp(host)
  const hasColors = toColorLevel({ stream: host.stdout, env: host.env, color: globals.color }) > 0
  const press = (key: Key) => {
    if (key === 'interrupt') ending.finish(130)
    else if (key === 'refresh') wakeUp.now('time')
    else if (drawing.press(key)) ending.finish(0)
  }
  const screen = host.openScreen({
    onInput: text => ending.guard(() => parseKeys(text).forEach(press)),
    onBlank: () => ending.guard(() => drawing.redraw()),
    onHangup: () => ending.finish(130),
  })
  if (screen === undefined) {
    throw new NexusError('usage', '--watch requires a terminal', { hint: 'Remove --watch' })
  }
  const drawing = createDashboardScreen(screen, {
    name: source.name,
    signs: chooseSymbols(host),
    hasColors,
    userHome: source.home === undefined ? undefined : host.userHome,
  })
  const watcher = createHomeWatcher(
    source.home ?? '',
    { onChange: () => wakeUp.now('change'), onError: ignore },
    host,
  )
  try {
    drawing.redraw()
    host.interrupted.addEventListener('abort', () => ending.fail(host.interrupted.reason), { once: true })
    if (source.home !== undefined) watcher.renew().catch(ending.fail)
    follow({ source, drawing, wakeUp, isOver: ending.isOver }, host).catch(ending.fail)
    return await ending.ended
  } finally {
    screen.close()
    // A terminal need not allow programs to copy.
    for (const command of drawing.copied()) print(`$ ${command}`)
    wakeUp.now('time')
    await watcher.close()
  }
}

// Without a watcher, the next measurement shows the changes.
function ignore(): void {}

interface Following {
  readonly source: DashboardSource
  readonly drawing: DashboardScreen
  readonly wakeUp: WakeUp
  readonly isOver: () => boolean
}

/** Shows the cached view at once, then measures in intervals and shows changes in between. */
async function follow({ source, drawing, wakeUp, isOver }: Following, host: Host): Promise<void> {
  const first = await source.peek()
  if (first !== undefined) drawing.show(first)
  let nextAt = host.clock.elapsed()
  while (!isOver()) {
    const isDue = host.clock.elapsed() >= nextAt
    if (isDue) nextAt = host.clock.elapsed() + intervalMs
    const view = await (isDue ? source.load() : source.peek()).catch(error =>
      drawing.showError(requireNexusError(error), host.clock.now()),
    )
    if (isOver()) return
    if (view) drawing.show(view)
    const reason = await wakeUp.wait(nextAt - host.clock.elapsed())
    if (reason === 'time') nextAt = host.clock.elapsed()
  }
}

function requireNexusError(error: unknown): NexusError {
  if (error instanceof NexusError && error.code !== 'interrupted') return error
  throw error
}

/** The end of a running task: the first call of `finish` or `fail` counts. */
interface Ending<Value> {
  readonly ended: Promise<Value>
  readonly isOver: () => boolean
  readonly finish: (value: Value) => void
  readonly fail: (error: unknown) => void
  /** Runs a callback; an error in it ends the task. */
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

/** A wait that a wake-up can end early. */
interface WakeUp {
  /** Resolves after `ms` milliseconds or on a wake-up; at once if one came since the last wait. */
  readonly wait: (ms: number) => Promise<WakeUpReason>
  readonly now: (reason: WakeUpReason) => void
}

function createWakeUp({ clock }: Pick<Host, 'clock'>): WakeUp {
  let pending: WakeUpReason | undefined
  let waiting: AbortController | undefined
  return {
    wait: async ms => {
      waiting = new AbortController()
      if (pending === undefined) await clock.sleep(Math.max(0, ms), waiting.signal).catch(() => undefined)
      const reason = pending ?? 'time'
      pending = undefined
      return reason
    },
    now: reason => {
      if (pending !== 'time') pending = reason
      waiting?.abort(reason)
    },
  }
}
