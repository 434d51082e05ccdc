import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import nodePath from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import type { SyncReport } from '../../src/detection/report.ts'
import { registryFiles, registryNames } from '../../src/registry/schema/names.ts'
import { loadShipped } from '../registries/shipped-files.ts'
import { collect } from '../support/processes/run-program.ts'

// Every shipped command runs, as far as this machine has the program: in an empty home, without a network, and watched.
const root = mkdtempSync(nodePath.join(tmpdir(), 'nexus-registry-test-'))
const at = (name: string) => nodePath.join(root, name)
const places = ['home', 'tmp', 'cache', 'config', 'data', 'state', 'run'] as const
const found: { report?: SyncReport; connections: string[] } = { connections: [] }

beforeAll(async () => {
  for (const place of places) mkdirSync(at(place), { mode: 0o700 })
  writeHome()
  const isRoot = process.getuid?.() === 0
  const withoutNetwork = ['unshare', isRoot ? '-n' : '-rn']
  const watched = ['strace', '-f', '-qq', '--seccomp-bpf', '-e', 'trace=connect', '-e', 'signal=none']
  const program = [process.execPath, nodePath.resolve('dist/main.cjs')]
  const sync = ['--home', at('registries'), 'sync', 'tools', 'ml_frameworks', '--dry-run', '--json']
  const [command, ...args] = [...withoutNetwork, ...watched, '-o', at('connections'), ...program, ...sync]
  const child = spawn(String(command), args, {
    cwd: root,
    env: {
      PATH: process.env.PATH,
      HOME: at('home'),
      TMPDIR: at('tmp'),
      XDG_CACHE_HOME: at('cache'),
      XDG_CONFIG_HOME: at('config'),
      XDG_DATA_HOME: at('data'),
      XDG_STATE_HOME: at('state'),
      XDG_RUNTIME_DIR: at('run'),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const { stdout, stderr } = await collect(child)
  expect(stderr).toBe('')
  found.report = JSON.parse(stdout)
  const lines = readFileSync(at('connections'), 'utf8').split('\n')
  // Nothing listens where requests are sent to, so that they leave no machine.
  const isDead = (line: string) => line.includes('sin_port=htons(9), sin_addr=inet_addr("127.0.0.1")')
  found.connections = lines.filter(line => line.includes('sa_family=AF_INET') && !isDead(line))
  return () => rmSync(root, { recursive: true })
}, 300_000)

/** The shipped registries, with time enough for a busy machine. The commands stay those that are trusted everywhere. */
function writeHome(): void {
  mkdirSync(at('registries'))
  for (const name of registryNames) {
    const file = registryFiles[name]
    const text = readFileSync(nodePath.join('registries', file), 'utf8')
    const patient = text.replaceAll(/"timeout_ms": \d+/g, '"timeout_ms": 120000')
    writeFileSync(nodePath.join(at('registries'), file), patient)
  }
}

const tools = Object.entries(loadShipped().tools).flatMap(([id, { detection, version_check: check }]) => {
  const [, program] = /^which (\S+)$/.exec(detection) ?? []
  const isHere = program !== undefined && spawnSync('sh', ['-c', `command -v ${program}`]).status === 0
  return isHere && check !== undefined ? [{ id, check }] : []
})

test.each(tools)('`$check` says a version without network', ({ id }) => {
  const { status, version, reason } = { ...found.report?.detections.tools[id] }
  expect([status, version === null ? reason : null]).toEqual(['present', null])
})

test('no address was connected to', () => {
  expect(existsSync(at('connections'))).toBe(true)
  expect(found.connections).toEqual([])
})

test.each(places)('%s is empty afterwards', place => {
  expect(readdirSync(at(place))).toEqual([])
})
