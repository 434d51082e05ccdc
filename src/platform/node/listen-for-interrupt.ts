import { NexusError } from '../../lib/errors.ts'
import type { Signal } from '../host.ts'

const signals: readonly Signal[] = ['SIGINT', 'SIGTERM', 'SIGHUP']

/** How long a command may take for its end after a signal, in milliseconds: it ends within a second. */
const graceMs = 800
const tickMs = 50

interface Interrupt {
  /** Aborted by the first SIGINT, SIGTERM or SIGHUP while signals are deferred. */
  readonly signal: AbortSignal
  /**
   * Until the returned function is called, the first signal aborts `signal`, and a second one or 800 ms end the process
   * at once. Otherwise a signal ends it as it ends any program: a handler never runs while this thread is busy.
   */
  deferSignals(): () => void
  /** From then on no caller can defer signals. */
  stopListening(): void
  /**
   * From then on the first signal is passed to the listener instead, and so is every SIGHUP. One that came before is
   * passed at once. The process has 800 ms to end then, too.
   */
  takeSignals(listener: (signal: Signal) => void): void
}

export function listenForInterrupt(): Interrupt {
  const controller = new AbortController()
  const state: State = {
    deferrals: 0,
    isListening: false,
    isStopped: false,
    first: undefined,
    listener: undefined,
  }
  const handle = (name: Signal) => {
    const { listener } = state
    const isEnd = listener === undefined || name !== 'SIGHUP'
    if (isEnd && state.first !== undefined) endAtOnce(name)
    if (isEnd) state.first = name
    if (isEnd) afterTicks(graceMs / tickMs, () => endAtOnce(name))
    if (listener) return listener(name)
    controller.abort(new NexusError('interrupted', `Interrupted by ${name}`))
  }
  const endAtOnce = (name: Signal) => {
    // A server or daemon has ended in order, and only its probes are still being ended.
    if (process.exitCode === 0) process.exit()
    // Not process.exit: it waits for threads, and one may wait for a file that never opens.
    process.emit('exit', 130)
    state.isStopped = true
    update()
    process.kill(process.pid, name)
  }
  const update = () => {
    const isWanted = !state.isStopped && (state.deferrals > 0 || state.listener !== undefined)
    if (isWanted === state.isListening) return
    state.isListening = isWanted
    for (const name of signals) {
      if (isWanted) process.on(name, handle)
      else process.off(name, handle)
    }
  }
  return {
    signal: controller.signal,
    deferSignals: () => {
      let isOver = false
      state.deferrals++
      update()
      return () => {
        if (isOver) return
        isOver = true
        state.deferrals--
        update()
      }
    },
    stopListening: () => {
      state.isStopped = true
      update()
    },
    takeSignals: listener => {
      state.listener = listener
      update()
      if (state.first !== undefined) listener(state.first)
    },
  }
}

// In short waits one after the other: on a busy machine this program gets more time, as it needs more.
function afterTicks(count: number, action: () => void): void {
  setTimeout(() => (count > 1 ? afterTicks(count - 1, action) : action()), tickMs).unref()
}

interface State {
  deferrals: number
  isListening: boolean
  isStopped: boolean
  /** The first signal that requested the end. */
  first: Signal | undefined
  listener: ((signal: Signal) => void) | undefined
}
