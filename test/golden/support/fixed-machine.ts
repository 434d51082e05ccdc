import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import http from 'node:http'
import { tmpdir } from 'node:os'
import nodePath from 'node:path'
import { collect, type ProgramRun } from '../../support/processes/run-program.ts'
import { files, programs } from './stand-ins.ts'

/** What the clock of the program says: later than every file that a test writes, so nothing counts as just changed. */
export const fixedNow = Date.parse('2099-06-15T12:00:00.000Z')

/** Port that the fixtures and the golden files have for the server of the machine's services and upstreams. */
export const fixturePort = 47_111

/** Every machine has a path of this many characters: the width of columns may depend on it. */
const pathLength = 96

/** Root of this repository. */
export const repository = nodePath.resolve(import.meta.dirname, '../../..')

/** What runs the program. */
const program = nodePath.join(import.meta.dirname, 'fixed-world.cjs')
const fixtures = nodePath.join(repository, 'test/golden/fixtures')

export interface Call {
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>> | undefined
  /** Directory of the machine in which it runs; `work` unless said otherwise. */
  readonly cwd?: string | undefined
  /** What it reads on stdin. */
  readonly input?: string | undefined
  /** Milliseconds by which its clock is later. */
  readonly laterMs?: number | undefined
}

/** A user's home with a registry home, the programs on its PATH, and what its kernel tells; the same on every computer. */
export interface FixedMachine {
  readonly directory: string
  readonly port: number
  at(...parts: string[]): string
  /** Starts the program as a process of its own, for calls that do not end by themselves. */
  start(call: Call): ChildProcess
  /** Runs calls one after the other, in one process. */
  run(calls: readonly Call[]): Promise<readonly ProgramRun[]>
  remove(): Promise<void>
}

/** Lays a machine out. Its services and upstreams are at a port of loopback. */
export async function createFixedMachine(port: number): Promise<FixedMachine> {
  const place = await mkdtemp(nodePath.join(tmpdir(), 'nexus-golden-'))
  const directory = nodePath.join(place, 'm'.repeat(Math.max(1, pathLength - place.length - 1)))
  if (directory.length !== pathLength) throw new Error(`TMPDIR is too long for a golden test: ${tmpdir()}`)
  const at = (...parts: string[]) => nodePath.join(directory, ...parts)
  await layOut(at, port)
  return {
    directory,
    port,
    at,
    start: call => {
      const { args, env, cwd, now, root } = toJob(call, at)
      const world = { GOLDEN_NOW: String(now), GOLDEN_ROOT: root }
      const stdio = ['ignore', 'pipe', 'pipe'] as const
      return spawn(process.execPath, [program, '--', ...args], {
        cwd,
        env: { ...env, ...world },
        stdio: [...stdio],
      })
    },
    run: async calls => {
      const file = nodePath.join(place, `calls-${randomUUID()}.json`)
      await writeFile(file, JSON.stringify(calls.map(call => toJob(call, at))))
      const child = spawn(process.execPath, [program, file], { env: {}, stdio: ['ignore', 'pipe', 'pipe'] })
      const { code, stderr } = await collect(child)
      if (code !== 0) throw new Error(`the calls ended with ${code}: ${stderr}`)
      return JSON.parse(await readFile(`${file}.done`, 'utf8'))
    },
    remove: () => rm(place, { recursive: true, force: true, maxRetries: 3 }),
  }
}

function toJob({ args, env = {}, cwd = 'work', input, laterMs = 0 }: Call, at: FixedMachine['at']) {
  return {
    args,
    env: {
      PATH: ['bin', 'shims', 'more', 'missing'].map(name => at(name)).join(':'),
      HOME: at('user'),
      TMPDIR: at('tmp'),
      TZ: 'UTC',
      LANG: 'C.UTF-8',
      ACME_API_KEY: 'secret-of-acme',
      ...env,
    },
    cwd: at(cwd),
    input,
    now: fixedNow + laterMs,
    root: at('root'),
  }
}

async function layOut(at: FixedMachine['at'], port: number): Promise<void> {
  for (const [path, text] of Object.entries(files)) await write(at(path), text)
  for (const [path, script] of Object.entries(programs)) {
    await write(at(path), `#!/bin/sh\n${script}\n`)
    await chmod(at(path), 0o755)
  }
  await mkdir(at('tmp'))
  await write(at('user/.rbenv/version'), '3.3.0\n')
  const home = at('user/.local/share/nexus-registry')
  for (const [name, target] of [
    ['home', home],
    ['broken', at('work/broken')],
    ['unreadable', at('work/unreadable')],
    ['broken', at('work/fixable')],
  ] as const) {
    await cp(nodePath.join(fixtures, name), target, { recursive: true })
    for (const file of await readdir(target)) {
      const path = nodePath.join(target, file)
      const text = await readFile(path, 'utf8')
      await writeFile(path, text.replaceAll(String(fixturePort), String(port)))
      await chmod(path, 0o644)
    }
  }
  await closeToOthers(at())
}

async function write(path: string, text: string): Promise<void> {
  await mkdir(nodePath.dirname(path), { recursive: true })
  await writeFile(path, text)
}

/** Whatever the umask is, all of it is this user's own, and as old as nothing that is written later. */
async function closeToOthers(directory: string): Promise<void> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true })
  for (const entry of entries) {
    const path = nodePath.join(entry.parentPath, entry.name)
    if (entry.isDirectory()) await chmod(path, 0o755)
    await utimes(path, 1_700_000_000, 1_700_000_000)
  }
}

/** What the services and upstreams of the machine answer with, by path; all else is not found. */
const answers: Readonly<Record<string, { readonly status: number; readonly body: unknown }>> = {
  '/up': { status: 200, body: 'ok' },
  '/failing.json': { status: 503, body: 'not now' },
  '/local': { status: 404, body: 'nothing here' },
  '/metrics.json': { status: 200, body: { load: 0.42 } },
  '/health/registry/models': { status: 200, body: { status: 'fresh' } },
}

/** The models of the upstream: one is new, one differs, one is gone. */
async function upstreamModels(): Promise<unknown> {
  const text = await readFile(nodePath.join(fixtures, 'home/model_registry.json'), 'utf8')
  const { old: _gone, home: _local, ...models } = JSON.parse(text)
  return {
    ...models,
    large: { ...models.large, cost_per_1k_input: 0.009 },
    huge: { ...models.large, context_tokens: 1_000_000, aliases: [] },
  }
}

/** Serves what the machines' services and upstreams say, on a free port. */
export async function startFixedServices(): Promise<{ readonly port: number; stop(): Promise<void> }> {
  const models = { status: 200, body: await upstreamModels() }
  const server = http.createServer((request, response) => {
    const path = request.url ?? ''
    const { status, body } = (path === '/models.json' ? models : answers[path]) ?? { status: 404, body: '' }
    response.writeHead(status, { 'content-type': 'application/json', etag: '"fixed"' })
    response.end(typeof body === 'string' ? body : JSON.stringify(body))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return {
    port: address !== null && typeof address === 'object' ? address.port : 0,
    stop: async () => {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
