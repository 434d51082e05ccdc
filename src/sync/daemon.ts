import { describeAge } from '../lib/text/age.ts'

/** A process that keeps a home in sync. */
export interface Daemon {
  readonly pid: number
  /** Since when it does, milliseconds since 1970. */
  readonly since: number
  /** Name of the host or container that it runs on, where that is not this one. */
  readonly host?: string
  /** When it last showed that it goes on, for one that cannot be seen from here. Milliseconds since 1970. */
  readonly renewedAt?: number
}

/** Where a daemon runs that cannot be seen from here, and when it last showed that it goes on. */
export function describeElsewhere(
  { pid, host, lease_renewed_at: renewed }: ElsewhereDaemon,
  now: number,
): string {
  const place = host === undefined ? 'another host or container' : `host ${host}`
  const lease = renewed === undefined ? '' : `, lease renewed ${describeAge(now - Date.parse(renewed))}`
  return `daemon runs on ${place} (pid ${pid})${lease}`
}

interface ElsewhereDaemon {
  readonly pid: number
  readonly host?: string
  /** ISO 8601. */
  readonly lease_renewed_at?: string
}
