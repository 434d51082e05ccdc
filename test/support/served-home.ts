import { mkdir, rename, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { onTestFinished } from 'vitest'
import type { Clock } from '../../src/core/host.ts'
import type { ServeEvent } from '../../src/core/serve-event.ts'
import type { Signal } from '../../src/core/signal.ts'
import { serve } from '../../src/features/serve/serve.ts'
import type { ServeRequest } from '../../src/features/serve/serve-request.ts'
import type { Role } from '../../src/schema/access.ts'
import { type RegistryName, registryFiles } from '../../src/schema/names.ts'
import { createToken, type TokenInfo } from '../../src/store/tokens.ts'
import { type HomeTexts, soundTexts, writeHome } from './sound-home.ts'
import { createTestHost, type TestHost } from './test-host.ts'

export interface ServedHome {
  readonly url: string
  readonly port: number
  readonly home: string
  readonly host: TestHost
  /** Everything that the server has told. */
  readonly told: readonly ServeEvent[]
  /** Makes a token. */
  readonly token: (role: Role, expiresAt?: number | null) => Promise<{ token: string; info: TokenInfo }>
  /** Writes a registry in one step, as editors and syncs do. */
  readonly write: (name: RegistryName, content: unknown) => Promise<void>
  /** Ends the server, and answers with the signal that it ended by. */
  readonly stop: () => Promise<Signal>
}

export interface ServedHomeOptions {
  readonly texts?: Partial<HomeTexts>
  readonly clock?: Partial<Clock>
  readonly poller?: ServeRequest['poller']
}

/** Starts a server of a fresh home on a free port of loopback. It ends with the test. */
export async function serveHome({
  texts = soundTexts,
  clock = {},
  poller,
}: ServedHomeOptions = {}): Promise<ServedHome> {
  const signals: ((signal: Signal) => void)[] = []
  const host = await createTestHost({
    clock,
    overrides: { takeSignals: listener => void signals.push(listener) },
  })
  const home = nodePath.join(host.directory, 'home')
  await mkdir(home, { mode: 0o700 })
  await writeHome(home, texts)
  const told: ServeEvent[] = []
  let begin: (url: string) => void = () => undefined
  const begun = new Promise<string>(resolve => {
    begin = resolve
  })
  const ended = serve(
    {
      home: { directory: home, origin: 'flag' },
      address: { kind: 'port', host: '127.0.0.1', port: 0 },
      tls: undefined,
      allowedHosts: [],
      requestsPerMinute: undefined,
      poller,
      tell: event => {
        told.push(event)
        if (event.event === 'serving') begin(event.url)
      },
    },
    host,
  )
  const stop = () => {
    for (const tell of signals) tell('SIGTERM')
    return ended
  }
  onTestFinished(async () => void (await stop()))
  const url = await Promise.race([begun, ended])
  return {
    url,
    port: Number(new URL(url).port),
    home,
    host,
    told,
    token: (role, expiresAt = null) => createToken(home, { role, note: null, expiresAt }, host),
    write: async (name, content) => {
      const file = nodePath.join(home, registryFiles[name])
      await writeFile(`${file}.new`, typeof content === 'string' ? content : JSON.stringify(content, null, 2))
      // A reader that sees half a file would be told of it.
      await rename(`${file}.new`, file)
    },
    stop,
  }
}
