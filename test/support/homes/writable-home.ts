import { EventEmitter, once } from 'node:events'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { onTestFinished } from 'vitest'
import { createServeRenderers } from '../../../src/cli/serve-renderers.ts'
import type { Signal } from '../../../src/platform/host.ts'
import { storedName } from '../../../src/registry/home/directories.ts'
import type { Role } from '../../../src/registry/schema/access.ts'
import { type RegistryName, registryFiles } from '../../../src/registry/schema/names.ts'
import type { AuditLine } from '../../../src/security/audit-log.ts'
import { createToken } from '../../../src/security/tokens.ts'
import { serve } from '../../../src/server/serve.ts'
import type { ServeEvent } from '../../../src/server/serve-request.ts'
import { createTestHost, type TestHost, type TestHostOptions } from '../test-host.ts'
import { type HomeTexts, soundTexts, writeHome } from './valid-home.ts'

/** A small home in which the specification's section 6 says who may read and write. */
export const writableTexts: HomeTexts = {
  ...soundTexts,
  hyper: soundTexts.hyper.replace(
    '"tools": "public_read",',
    `"tools": { "read": "public", "write": "tool-detection", "admin": "admin" },
    "providers": { "read": "public", "write": "adapter", "admin": "admin" },
    "models": { "read": "public", "write": "update-service", "admin": "admin" },
    "dashboard": { "read": "public", "write": "dashboard-service", "admin": "admin" },
    "plugins": { "read": "public", "write": "plugin-loader", "admin": "admin" },
    "microservices": { "read": "auth", "write": "service-registry", "admin": "admin" },
    "adapters": { "read": "auth", "write": "adapter-deploy", "admin": "admin" },
    "ml_frameworks": { "read": "public", "write": "tool-detection", "admin": "admin" },`,
  ),
}

export interface WritableHome {
  readonly host: TestHost
  readonly home: { readonly directory: string; readonly origin: 'default' }
  /** Address of the server. */
  readonly url: string
  /** All that the server has told so far. */
  readonly events: readonly ServeEvent[]
  /** A new token of a role. */
  readonly token: (role: Role) => Promise<string>
  readonly read: (name: RegistryName) => Promise<string>
  readonly write: (name: RegistryName, text: string) => Promise<void>
  /** Sends a request as a role, or as nobody. A body that is no text is sent as JSON. */
  readonly ask: (method: string, path: string, question?: Question) => Promise<Answer>
  /** The lines that are on record, of those who are known or of strangers. */
  readonly record: (file?: 'writes' | 'strangers') => Promise<readonly AuditLine[]>
  readonly stop: () => Promise<void>
}

export interface Question {
  readonly role?: Role
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The text as JSON, where it is some. */
  readonly json: Readonly<Record<string, unknown>>
}

export interface WritableHomeOptions extends TestHostOptions {
  readonly texts?: Partial<Record<RegistryName, string>>
  /** Where the home is to be, instead of the test's directory. */
  readonly directory?: string
}

/** Serves a home of its own in this process, on a free port, until the test is done. */
export async function serveWritableHome({
  texts = {},
  ...options
}: WritableHomeOptions = {}): Promise<WritableHome> {
  let signal: (signal: Signal) => void = () => undefined
  const takeSignals = (listener: typeof signal) => {
    signal = listener
  }
  const host = await createTestHost({ ...options, overrides: { ...options.overrides, takeSignals } })
  const directory = options.directory ?? nodePath.join(host.directory, 'home')
  await mkdir(directory, { recursive: true, mode: 0o700 })
  await writeHome(directory, { ...writableTexts, ...texts })
  const home = { directory, origin: 'default' } as const
  const { url, events, ended } = await start(home, host)
  const stop = async () => {
    signal('SIGTERM')
    await ended
  }
  onTestFinished(stop)
  const tokens = new Map<Role, Promise<string>>()
  const token = (role: Role) => {
    const known = tokens.get(role) ?? makeToken(directory, role, host)
    tokens.set(role, known)
    return known
  }
  const fileOf = (name: RegistryName) => nodePath.join(directory, registryFiles[name])
  return {
    host,
    home,
    url,
    events,
    token,
    read: name => readFile(fileOf(name), 'utf8'),
    write: (name, text) => writeFile(fileOf(name), text),
    ask: async (method, path, { role, ...question } = {}) =>
      send(`${url}${path}`, { method, token: role && (await token(role)), ...question }),
    record: async (file = 'writes') => readRecord(file, directory, host),
    stop,
  }
}

async function makeToken(home: string, role: Role, host: TestHost): Promise<string> {
  return (await createToken(home, { role, note: null, expiresAt: null }, host)).token
}

interface Sent extends Omit<Question, 'role'> {
  readonly method: string
  readonly token: string | undefined
}

async function send(url: string, { method, token, headers = {}, body }: Sent): Promise<Answer> {
  const signIn = token === undefined ? {} : { authorization: `Bearer ${token}` }
  const answer = await fetch(url, {
    method,
    headers: { 'content-type': 'application/json', 'accept-encoding': 'identity', ...signIn, ...headers },
    body: toBytes(body),
  })
  const text = await answer.text()
  const isJson = answer.headers.get('content-type')?.includes('json') === true && text !== ''
  return { status: answer.status, headers: answer.headers, text, json: isJson ? JSON.parse(text) : {} }
}

function toBytes(body: unknown): Uint8Array<ArrayBuffer> | string | null {
  if (body === undefined) return null
  if (body instanceof Uint8Array) return new Uint8Array(body)
  return typeof body === 'string' ? body : JSON.stringify(body)
}

async function readRecord(file: string, home: string, host: TestHost): Promise<readonly AuditLine[]> {
  const state = nodePath.join(host.directory, 'state/nexus-registry/audit', storedName(home, host))
  const text = await readFile(nodePath.join(state, `${file}.ndjson`), 'utf8').catch(() => '')
  return text
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line))
}

async function start(home: WritableHome['home'], host: TestHost) {
  const events: ServeEvent[] = []
  const bell = new EventEmitter()
  const address = { kind: 'port', host: '127.0.0.1', port: 0 } as const
  const doorway = { address, tls: undefined, allowedHosts: [], requestsPerMinute: undefined }
  const tell = (event: ServeEvent) => {
    events.push(event)
    if (event.event === 'listening') bell.emit('listening', event.url)
  }
  const listening = once(bell, 'listening')
  const ended = serve(
    { home, ...doorway, poller: undefined, render: await createServeRenderers(), measures: [], log: tell },
    host,
  )
  const [url] = await Promise.race([listening, ended.then(() => [])])
  return { url: String(url), events, ended }
}
