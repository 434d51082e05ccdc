import { NexusError } from '../core/errors.ts'
import type { Signal } from '../core/signal.ts'

const signals: readonly Signal[] = ['SIGINT', 'SIGTERM', 'SIGHUP']

export interface Interrupt {
  /** Aborted by the first SIGINT, SIGTERM or SIGHUP. The second one ends the process at once. */
  readonly signal: AbortSignal
  /** From then on the first one ends the process at once, whatever it is doing. */
  stopListening(): void
  /** From then on the first one is told to the listener instead, and so is every SIGHUP. One that came before is told at once. */
  takeSignals(listener: (signal: Signal) => void): void
}

export function listenForInterrupt(): Interrupt {
  const controller = new AbortController()
  let isEnding = false
  let earlier: Signal | undefined
  let tell = (name: Signal) => {
    earlier = name
    controller.abort(new NexusError('interrupted', `Interrupted by ${name}`))
  }
  let isEnd = (_: Signal) => true
  const listeners = signals.map(name => ({
    name,
    listen: () => {
      if (isEnd(name)) {
        if (isEnding) process.exit(130)
        isEnding = true
      }
      tell(name)
    },
  }))
  for (const { name, listen } of listeners) process.on(name, listen)
  return {
    signal: controller.signal,
    stopListening: () => {
      for (const { name, listen } of listeners) process.off(name, listen)
    },
    takeSignals: listener => {
      tell = listener
      isEnd = name => name !== 'SIGHUP'
      if (earlier === undefined) return
      isEnding = isEnd(earlier)
      listener(earlier)
    },
  }
}
