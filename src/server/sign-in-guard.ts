import type { Host } from '../platform/host.ts'
import { toClientKey } from '../platform/http.ts'

/** Bounds how many wrong tokens a client may try. */
export interface SignInGuard {
  /** Seconds until this token is checked; undefined when it is checked at once. */
  readonly waitFor: (attempt: SignIn) => number | undefined
  /** Remembers the result of a check. */
  readonly note: (attempt: SignIn, outcome: 'held' | 'wrong') => void
}

export interface SignIn {
  readonly token: string
  readonly address: string | undefined
}

/** Wrong tokens that a client may try in a minute. A repeated token counts once. */
const mostWrong = 20
const windowMs = 60_000
/** Most clients and tokens that are remembered. */
const mostRemembered = 10_000

interface Window {
  readonly endsAt: number
  /** Hashes: a wrong token may be valid for another server. */
  readonly wrong: Set<string>
}

/**
 * Limits wrong tokens by address, also on this machine. Tokens that were valid before are accepted, so that a program
 * that guesses does not lock out others at its address.
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
