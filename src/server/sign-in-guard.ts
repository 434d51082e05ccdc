import type { Host } from '../platform/host.ts'
import { toClientKey } from '../platform/http.ts'

/** Bounds how many wrong tokens a client may try. */
export interface SignInGuard {
  /** Seconds that a client has to wait before this token is looked at; undefined when it is at once. */
  readonly waitFor: (attempt: SignIn) => number | undefined
  /** Remembers what came of a token that was looked at. */
  readonly note: (attempt: SignIn, outcome: 'held' | 'wrong') => void
}

export interface SignIn {
  readonly token: string
  readonly address: string | undefined
}

/** Wrong tokens that a client may try in a minute. One that is sent again and again is no guess, and counts once. */
const mostWrong = 20
const windowMs = 60_000
/** Most clients and tokens that are remembered. */
const mostRemembered = 10_000

interface Window {
  readonly endsAt: number
  /** Hashes: a wrong token may be the right one of somewhere else. */
  readonly wrong: Set<string>
}

/**
 * Guards the sign-in. Whoever has tried too many tokens waits, on this machine as well: but for tokens that have held
 * before, or else one program that guesses would shut out all others at its address.
 */
export function createSignInGuard({ clock, sha256 }: Pick<Host, 'clock' | 'sha256'>): SignInGuard {
  const windows = new Map<string, Window>()
  const held = new Set<string>()
  const find = (address: string | undefined) => {
    const window = windows.get(toClientKey(address))
    return window && clock.elapsed() < window.endsAt ? window : undefined
  }
  const open = (address: string | undefined) => {
    const window = { endsAt: clock.elapsed() + windowMs, wrong: new Set<string>() }
    windows.delete(toClientKey(address))
    windows.set(toClientKey(address), window)
    evictOldest(windows)
    return window
  }
  return {
    waitFor: ({ token, address }) => {
      const window = find(address)
      if (window === undefined || window.wrong.size < mostWrong) return undefined
      const hash = sha256(token)
      if (held.has(hash) || window.wrong.has(hash)) return undefined
      return Math.ceil((window.endsAt - clock.elapsed()) / 1000)
    },
    note: ({ token, address }, outcome) => {
      const hash = sha256(token)
      if (outcome === 'wrong') {
        held.delete(hash)
        const { wrong } = find(address) ?? open(address)
        if (wrong.size < mostWrong) wrong.add(hash)
      } else if (!held.has(hash)) {
        held.add(hash)
        evictOldest(held)
      }
    },
  }
}

function evictOldest(memory: Map<string, unknown> | Set<string>): void {
  if (memory.size <= mostRemembered) return
  for (const oldest of memory.keys()) {
    memory.delete(oldest)
    return
  }
}
