import { cp } from 'node:fs/promises'
import nodePath from 'node:path'
import { onTestFinished } from 'vitest'
import type { ServeEvent } from '../../src/core/serve-event.ts'
import type { Signal } from '../../src/core/signal.ts'
import { serve } from '../../src/features/serve/serve.ts'
import type { ServeRequest } from '../../src/features/serve/serve-request.ts'
import type { Role } from '../../src/schema/access.ts'
import { createToken } from '../../src/store/tokens.ts'
import { createTestHost } from './test-host.ts'

export interface ServedHome {
  readonly url: string
  /** Directory with the registries, as they are shipped. */
  readonly home: string
  /** A token for a role. */
  readonly token: (role: Role) => Promise<string>
  readonly events: readonly ServeEvent[]
  readonly stop: () => Promise<void>
}

/** Serves a home of its own over real HTTP until the test is done. */
export async function serveHome(request: Partial<ServeRequest> = {}): Promise<ServedHome> {
  const signals: ((signal: Signal) => void)[] = []
  const host = await createTestHost({ overrides: { takeSignals: listener => void signals.push(listener) } })
  const home = nodePath.join(host.directory, 'home')
  await cp('registries', home, { recursive: true })
  const events: ServeEvent[] = []
  let announce: (url: string) => void = () => undefined
  const announced = new Promise<string>(resolve => {
    announce = resolve
  })
  const ended = serve(
    {
      home: { directory: home, origin: 'flag' },
      address: { kind: 'port', host: '127.0.0.1', port: 0 },
      tls: undefined,
      allowedHosts: [],
      requestsPerMinute: undefined,
      poller: undefined,
      ...request,
      tell: event => {
        events.push(event)
        if (event.event === 'serving') announce(event.url)
      },
    },
    host,
  )
  const stop = async () => {
    for (const send of signals) send('SIGTERM')
    await ended
  }
  onTestFinished(stop)
  const token = async (role: Role) =>
    (await createToken(home, { role, note: null, expiresAt: null }, host)).token
  // One that cannot start ends instead.
  const url = await Promise.race([announced, ended])
  return { url, home, token, events, stop }
}
