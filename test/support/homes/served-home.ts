import { cp, mkdir, rename, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { onTestFinished } from 'vitest'
import { createServeRenderers } from '../../../src/cli/serve-renderers.ts'
import type { Signal } from '../../../src/platform/host.ts'
import type { Role } from '../../../src/registry/schema/access.ts'
import { type RegistryName, registryFiles } from '../../../src/registry/schema/names.ts'
import { createToken, type TokenInfo } from '../../../src/security/tokens.ts'
import { serve } from '../../../src/server/serve.ts'
import type { ServeEvent, ServeRequest } from '../../../src/server/serve-request.ts'
import { createTestHost, type TestHost, type TestHostOptions } from '../test-host.ts'
import { type HomeTexts, writeHome } from './valid-home.ts'

export interface ServedHome {
  readonly host: TestHost
  /** Directory of the registries. */
  readonly home: string
  readonly url: string
  readonly port: number
  /** Everything that the server has told so far. */
  readonly told: readonly ServeEvent[]
  /** Asks this server, with a token where there is one. */
  readonly ask: (path: string, options?: AskOptions) => Promise<Response>
  /** Makes a token, that never ends unless it is said when, milliseconds since 1970. */
  readonly token: (role: Role, expiresAt?: number | null) => Promise<string>
  /** The same, with what is known of it. */
  readonly makeToken: (role: Role, expiresAt?: number | null) => Promise<{ token: string; info: TokenInfo }>
  /** Writes a registry in one step, as editors and syncs do. */
  readonly write: (name: RegistryName, content: unknown) => Promise<void>
  /** Ends it as a signal does, and waits for that. */
  readonly stop: (signal?: Signal) => Promise<Signal>
}

interface AskOptions extends RequestInit {
  readonly token?: string | undefined
}

interface ServedHomeOptions {
  /** Texts of the home; the shipped registries when there are none. */
  readonly texts?: Partial<HomeTexts>
  readonly host?: TestHostOptions
  readonly request?: Partial<ServeRequest>
}

/** A server of a home of its own on a free port, in this process. It ends with the test. */
export async function startServedHome(options: ServedHomeOptions = {}): Promise<ServedHome> {
  const listeners: ((signal: Signal) => void)[] = []
  const overrides = { takeSignals: (listener: (signal: Signal) => void) => void listeners.push(listener) }
  const host = await createTestHost({
    ...options.host,
    overrides: { ...overrides, ...options.host?.overrides },
  })
  const home = nodePath.join(host.directory, 'home')
  await fill(home, options.texts)
  const told: ServeEvent[] = []
  const { url, ended } = await start({ home, told }, options.request, host)
  const stop = (signal: Signal = 'SIGTERM') => {
    for (const tell of listeners) tell(signal)
    return ended
  }
  onTestFinished(async () => void (await stop()))
  const makeToken: ServedHome['makeToken'] = (role, expiresAt = null) =>
    createToken(home, { role, note: null, expiresAt }, host)
  return {
    host,
    home,
    url,
    port: Number(new URL(url).port),
    told,
    ask: (path, { token, headers, ...init } = {}) =>
      fetch(new URL(path, url), {
        ...init,
        headers: {
          ...Object.fromEntries(new Headers(headers)),
          ...(token && { authorization: `Bearer ${token}` }),
        },
      }),
    makeToken,
    token: async (role, expiresAt) => (await makeToken(role, expiresAt)).token,
    write: async (name, content) => {
      const file = fileOf(home, name)
      await writeFile(`${file}.new`, typeof content === 'string' ? content : JSON.stringify(content, null, 2))
      // A reader that sees half a file would be told of it.
      await rename(`${file}.new`, file)
    },
    stop,
  }
}

async function fill(home: string, texts: Partial<HomeTexts> | undefined): Promise<void> {
  if (texts === undefined) return cp('registries', home, { recursive: true })
  await mkdir(home, { mode: 0o700 })
  await writeHome(home, texts)
}

async function start(
  { home, told }: { readonly home: string; readonly told: ServeEvent[] },
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
        measures: [],
        ...request,
        log: event => {
          told.push(event)
          if (event.event === 'listening') resolve({ url: event.url, ended })
        },
      },
      host,
    )
    ended.catch(reject)
  })
}

/** Path of a registry's file in a home. */
export function fileOf(home: string, name: RegistryName): string {
  return nodePath.join(home, registryFiles[name])
}

/** Body of an answer, which the test knows the form of. */
export async function readJson<Value>(answer: Response): Promise<Value> {
  return JSON.parse(await answer.text())
}
