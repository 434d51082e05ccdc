import { cp } from 'node:fs/promises'
import nodePath from 'node:path'
import { onTestFinished } from 'vitest'
import { createServeRenderers } from '../../src/cli/serve-renderers.ts'
import type { ServeEvent } from '../../src/core/serve-event.ts'
import type { Signal } from '../../src/core/signal.ts'
import { serve } from '../../src/features/serve/serve.ts'
import type { ServeRequest } from '../../src/features/serve/serve-request.ts'
import type { Role } from '../../src/schema/access.ts'
import { registryFiles } from '../../src/schema/names.ts'
import { createToken } from '../../src/store/tokens.ts'
import { createTestHost, type TestHost, type TestHostOptions } from './test-host.ts'

export interface ServedHome {
  readonly host: TestHost
  /** Directory of the registries. */
  readonly home: string
  readonly url: string
  readonly events: readonly ServeEvent[]
  /** Asks this server, with a token where there is one. */
  readonly ask: (path: string, options?: AskOptions) => Promise<Response>
  /** Makes a token that holds for a day. */
  readonly token: (role: Role) => Promise<string>
  /** Ends it as a signal does, and waits for that. */
  readonly stop: (signal?: Signal) => Promise<Signal>
}

interface AskOptions extends RequestInit {
  readonly token?: string | undefined
}

interface ServedHomeOptions {
  /** Writes the home; the shipped registries unless said otherwise. */
  readonly fill?: (home: string) => Promise<unknown>
  readonly host?: TestHostOptions
  readonly request?: Partial<ServeRequest>
}

/** A server of a home of its own on a free port, in this process. It ends with the test. */
export async function startServedHome(options: ServedHomeOptions = {}): Promise<ServedHome> {
  const told: { listener?: (signal: Signal) => void } = {}
  const takeSignals = (listener: (signal: Signal) => void) => {
    told.listener = listener
  }
  const { overrides } = options.host ?? {}
  const host = await createTestHost({ ...options.host, overrides: { takeSignals, ...overrides } })
  const home = nodePath.join(host.directory, 'home')
  await (options.fill ?? copyShipped)(home)
  const events: ServeEvent[] = []
  const { url, ended } = await start({ home, events }, options.request, host)
  const stop = (signal: Signal = 'SIGTERM') => {
    told.listener?.(signal)
    return ended
  }
  onTestFinished(async () => {
    await stop()
  })
  return {
    host,
    home,
    url,
    events,
    ask: (path, { token, headers, ...init } = {}) =>
      fetch(new URL(path, url), {
        ...init,
        headers: {
          ...Object.fromEntries(new Headers(headers)),
          ...(token && { authorization: `Bearer ${token}` }),
        },
      }),
    token: async role => {
      const expiresAt = host.clock.now() + 86_400_000
      return (await createToken(home, { role, note: '', expiresAt }, host)).token
    },
    stop,
  }
}

async function start(
  { home, events }: { readonly home: string; readonly events: ServeEvent[] },
  request: Partial<ServeRequest> | undefined,
  host: TestHost,
): Promise<{ readonly url: string; readonly ended: Promise<Signal> }> {
  const render = await createServeRenderers()
  return new Promise((resolve, reject) => {
    const ended: Promise<Signal> = serve(
      {
        home: { directory: home, origin: 'flag' },
        address: { kind: 'port', host: '127.0.0.1', port: 0 },
        tls: undefined,
        allowedHosts: [],
        requestsPerMinute: undefined,
        poller: undefined,
        render,
        ...request,
        tell: event => {
          events.push(event)
          if (event.event === 'serving') resolve({ url: event.url, ended })
        },
      },
      host,
    )
    ended.catch(reject)
  })
}

async function copyShipped(home: string): Promise<void> {
  await cp('registries', home, { recursive: true })
}

/** Path of a registry's file in a home. */
export function fileOf(home: string, name: keyof typeof registryFiles): string {
  return nodePath.join(home, registryFiles[name])
}

/** Body of an answer, which the test knows the form of. */
export async function readJson<Value>(answer: Response): Promise<Value> {
  return JSON.parse(await answer.text())
}
