import type { Host } from '../platform/host.ts'

export type PokeReason = 'time' | 'change'

/** A pause that can be cut short. */
export interface Poke {
  /** Settles after so many milliseconds, or when it is poked; at once when that happened since the last pause. */
  readonly wait: (ms: number) => Promise<PokeReason>
  readonly now: (reason: PokeReason) => void
}

export function createPoke({ clock }: Pick<Host, 'clock'>): Poke {
  let poked: PokeReason | undefined
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
