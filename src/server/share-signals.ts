import type { Host } from '../platform/host.ts'
import type { Signal } from '../platform/signal.ts'

export interface SharedSignals {
  /** Lets another part of the program listen as well. It is told of an end that was asked for before. */
  readonly takeSignals: Host['takeSignals']
  /** Settles with the first signal that ends the program. */
  readonly ended: Promise<Signal>
}

/** Takes the signals of the process, for all who want to hear of them. */
export function shareSignals({ takeSignals }: Pick<Host, 'takeSignals'>): SharedSignals {
  const listeners: ((signal: Signal) => void)[] = []
  let end: Signal | undefined
  const ended = new Promise<Signal>(resolve => {
    listeners.push(signal => {
      if (signal === 'SIGHUP') return
      end ??= signal
      resolve(signal)
    })
  })
  takeSignals(signal => {
    for (const tell of listeners) tell(signal)
  })
  return {
    takeSignals: listener => {
      listeners.push(listener)
      if (end !== undefined) listener(end)
    },
    ended,
  }
}
