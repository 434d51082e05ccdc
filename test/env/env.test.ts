import { chmod, cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { describe, expect, it } from 'vitest'
import { listCachedExports } from '../../src/env/cache/cached-exports.ts'
import { exportVariables, unsetEnv } from '../../src/env/env.ts'
import { type ExportResult, findExports, updateExports } from '../../src/env/exports.ts'
import { loadSnapshot } from '../../src/registry/load/load-snapshot.ts'
import { type Ref, toRef } from '../../src/registry/refs.ts'
import type { Detected } from '../../src/registry/schema/detected.ts'
import { entriesOf } from '../../src/registry/snapshot.ts'
import { createTestHost, type TestHost } from '../support/test-host.ts'

const noon = Date.UTC(2026, 10, 23, 12)
const shipped = nodePath.join(import.meta.dirname, '..', '..', 'registries')
const tools = {
  docker: { detection: 'which docker', env_var: 'NEXUS_HAS_DOCKER' },
  kubectl: {
    detection: 'which kubectl',
    env_var: 'NEXUS_HAS_KUBERNETES',
    companion_vars: { context: 'NEXUS_K8S_CONTEXT' },
  },
}

describe('exports', () => {
  it('are detected once, and cached while they are fresh', async () => {
    const machine = await createMachine({ present: ['docker'] })
    const first = await machine.exportVariables()
    machine.now = noon + 300_000
    expect(await machine.exportVariables()).toEqual(first)
    expect(first).toStrictEqual({
      variables: [
        { name: 'NEXUS_HAS_DOCKER', value: '1' },
        { name: 'NEXUS_HAS_KUBERNETES', value: '0' },
        { name: 'NEXUS_K8S_CONTEXT', value: undefined },
      ],
      status: 'ok',
      notes: [],
    })
    expect(machine.runs).toBe(1)
  })

  it('are detected again for another PATH, and both are cached', async () => {
    const machine = await createMachine({ present: ['docker'] })
    const path = machine.env.PATH
    await machine.exportVariables()
    Object.assign(machine.env, { PATH: '/elsewhere' })
    machine.present = []
    expect(valuesOf(await machine.exportVariables())).toMatchObject({ NEXUS_HAS_DOCKER: '0' })
    Object.assign(machine.env, { PATH: path })
    expect(valuesOf(await machine.exportVariables())).toMatchObject({ NEXUS_HAS_DOCKER: '1' })
    expect(machine.runs).toBe(2)
  })

  const ages = [
    ['older than cache_ttl_seconds', 300_001],
    ['from a clock that was ahead', -1],
  ] as const
  it.each(ages)('are returned at once when they are %s, and refreshed by one process', async (_, age) => {
    const machine = await createMachine({ present: ['docker'] })
    const first = await machine.exportVariables()
    machine.now = noon + age
    machine.present = []
    expect([await machine.exportVariables(), await machine.exportVariables()]).toEqual([first, first])
    expect(machine).toMatchObject({ runs: 1, refreshes: 1 })
  })

  it('become stale after the time that the home sets', async () => {
    const machine = await createMachine({ present: [] })
    await machine.editHome('hyper_registry.json', text =>
      text.replace(/"cache_ttl_seconds": \d+/, '"cache_ttl_seconds": 2'),
    )
    await machine.exportVariables()
    machine.now = noon + 2000
    await machine.exportVariables()
    expect(machine.refreshes).toBe(0)
    machine.now = noon + 2001
    await machine.exportVariables()
    expect(machine.refreshes).toBe(1)
  })

  it('stay cached after the write of their sync', async () => {
    const machine = await createMachine({ present: ['docker'] })
    await machine.syncAndWrite('tool_registry.json')
    expect(valuesOf(await machine.exportVariables())).toMatchObject({ NEXUS_HAS_DOCKER: '1' })
    expect(machine.runs).toBe(1)
  })

  it('are not cached when another process edits the home meanwhile', async () => {
    const machine = await createMachine({ present: [] })
    await machine.syncAndWrite('hyper_registry.json')
    expect(await listCachedExports(machine.host)).toEqual([])
  })

  it('are not cached when they are incomplete', async () => {
    const machine = await createMachine({ present: [] })
    machine.skips = 'kubectl'
    expect(await machine.exportVariables()).toMatchObject({ status: 'ok' })
    expect(await listCachedExports(machine.host)).toEqual([])
  })

  it('write nothing into the home', async () => {
    const machine = await createMachine({ present: [] })
    const before = await readFile(machine.at('home', 'tool_registry.json'), 'utf8')
    await chmod(machine.at('home'), 0o555)
    expect(await machine.exportVariables()).toMatchObject({ status: 'ok', notes: [] })
    expect(await readFile(machine.at('home', 'tool_registry.json'), 'utf8')).toBe(before)
  })

  it('unset what no registry defines any more', async () => {
    const machine = await createMachine({ present: ['docker'] })
    await machine.exportVariables()
    await machine.editHome('tool_registry.json', () => JSON.stringify({ kubectl: tools.kubectl }))
    expect(valuesOf(await machine.exportVariables())).toStrictEqual({
      NEXUS_HAS_KUBERNETES: '0',
      NEXUS_K8S_CONTEXT: undefined,
      NEXUS_HAS_DOCKER: undefined,
    })
  })

  it('keep what a quick detection cannot know, until the next full one', async () => {
    const machine = await createMachine({ present: ['docker'] })
    await machine.exportVariables()
    machine.unknown = ['docker']
    await machine.syncAndWrite('tool_registry.json', 'quick')
    expect(valuesOf(await machine.exportVariables())).toMatchObject({ NEXUS_HAS_DOCKER: '1' })
    await machine.syncAndWrite('tool_registry.json')
    expect(valuesOf(await machine.exportVariables())).toMatchObject({ NEXUS_HAS_DOCKER: '0' })
  })
})

describe('an error', () => {
  it('of the refresh is a note beside the cached exports', async () => {
    const machine = await createMachine({ present: ['docker'] })
    const { variables } = await machine.exportVariables()
    machine.now = noon + 301_000
    machine.error = new Error('out of processes')
    expect(await machine.exportVariables()).toStrictEqual({
      variables,
      status: 'ok',
      notes: ['the exports could not be refreshed: out of processes'],
    })
  })

  it('of the detection without cached exports is a note without variables', async () => {
    const machine = await createMachine({ present: [] })
    machine.error = new Error('out of memory')
    expect(await machine.exportVariables()).toStrictEqual({
      variables: [],
      status: 'failed',
      notes: ['out of memory'],
    })
  })

  it('of an entry is a note, leaves the other entries, and is not cached', async () => {
    const machine = await createMachine({ present: ['docker'] })
    const broken = { ...tools, broken: { detection: 7, env_var: 'NEXUS_HAS_BROKEN' } }
    await machine.editHome('tool_registry.json', () => JSON.stringify(broken))
    const { status, notes, ...result } = await machine.exportVariables()
    expect(valuesOf(result)).toMatchObject({ NEXUS_HAS_DOCKER: '1', NEXUS_HAS_KUBERNETES: '0' })
    expect(status).toBe('partial')
    expect(notes).toEqual([
      expect.stringMatching(/tool_registry\.json:1:\d+: .*; see nexus-registry validate$/),
    ])
    expect(await listCachedExports(machine.host)).toEqual([])
  })

  it('of a whole registry leaves the other registry', async () => {
    const machine = await createMachine({ present: ['docker'] })
    await machine.editHome('ml_framework_registry.json', () => '{')
    const result = await machine.exportVariables()
    expect(valuesOf(result)).toMatchObject({ NEXUS_HAS_DOCKER: '1' })
    expect(result).toMatchObject({
      status: 'partial',
      notes: [expect.stringContaining('ml_framework_registry.json:1:')],
    })
  })

  it('of the cache is a note, and costs another detection', async () => {
    const machine = await createMachine({ present: ['docker'] })
    await writeFile(machine.at('cache'), 'a file where the directory should be')
    const result = await machine.exportVariables()
    expect(result).toMatchObject({ status: 'ok', notes: [expect.stringContaining('could not be cached')] })
    await machine.exportVariables()
    expect(machine.runs).toBe(2)
  })
})

describe('providers', () => {
  const entry = { endpoint: 'https://one.example', auth_type: 'bearer', models: [] }
  const providers = {
    one: { ...entry, key_env: ['ONE_KEY', 'OTHER_KEY'], required_env: ['ONE_URL'] },
    cloud: { ...entry, key_env: 'CLOUD_KEY', general_env: ['CLOUD_PROFILE'], env_var: 'NEXUS_CLOUD' },
    open: { ...entry, auth_type: 'none' },
    hostile: { ...entry, key_env: ['PATH', 'constructor'] },
  }
  const rows: [what: string, env: Record<string, string>, one: string, cloud: string][] = [
    ['nothing', {}, '0', '0'],
    ['a key without what it needs', { OTHER_KEY: 'x' }, '0', '0'],
    ['both', { OTHER_KEY: 'x', ONE_URL: 'x' }, '1', '0'],
    ['an empty key', { ONE_KEY: '', ONE_URL: 'x' }, '0', '0'],
    ['general credentials', { CLOUD_PROFILE: 'x' }, '0', '0'],
    ['a key of its own', { CLOUD_PROFILE: 'x', CLOUD_KEY: 'x' }, '0', '1'],
  ]
  it('are 1 with a credential, and 0 again without one, with no key in any file', async () => {
    const machine = await createMachine({ present: [] })
    await machine.editHome('provider_registry.json', () => JSON.stringify(providers))
    const path = machine.env.PATH
    for (const [what, env, one, cloud] of [...rows, ...rows.toReversed()]) {
      for (const name of Object.keys(machine.env)) if (!/^XDG/.test(name)) delete machine.env[name]
      const values = Object.entries(env).map(([name, value]) => [name, value && `secret-${value}`])
      Object.assign(machine.env, { PATH: path }, Object.fromEntries(values))
      expect(valuesOf(await machine.exportVariables()), what).toMatchObject({
        NEXUS_HAS_ONE: one,
        NEXUS_CLOUD: cloud,
        NEXUS_HAS_OPEN: '1',
        NEXUS_HAS_HOSTILE: '1',
      })
    }
    // Neither an empty key nor general credentials make another cache key.
    expect(machine.runs).toBe(5)
    expect(await readTree(machine.at())).not.toContain('secret-')
  })
})

describe('unset', () => {
  it('names everything that the registries define, and what was set before', async () => {
    const machine = await createMachine({ present: ['docker'] })
    await machine.exportVariables()
    await machine.editHome('tool_registry.json', () => JSON.stringify({ kubectl: tools.kubectl }))
    const variables = await unsetEnv({ directory: machine.at('home'), origin: 'flag' }, machine.host)
    expect(valuesOf({ variables })).toStrictEqual({
      NEXUS_HAS_KUBERNETES: undefined,
      NEXUS_K8S_CONTEXT: undefined,
      NEXUS_HAS_DOCKER: undefined,
    })
  })

  it('names what was set before when there is no home', async () => {
    const machine = await createMachine({ present: ['docker'] })
    await machine.exportVariables()
    const names = (await unsetEnv(undefined, machine.host)).map(({ name }) => name)
    expect(names).toEqual(['NEXUS_HAS_DOCKER', 'NEXUS_HAS_KUBERNETES'])
  })
})

/** A machine with a home of two tools and no frameworks, and a detection with chosen results. */
interface Machine {
  readonly host: TestHost
  readonly env: Record<string, string | undefined>
  now: number
  present: readonly string[]
  unknown: readonly string[]
  skips: string | undefined
  error: Error | undefined
  runs: number
  refreshes: number
  at(...parts: string[]): string
  exportVariables(): Promise<ExportResult>
  editHome(file: string, edit: (text: string) => string): Promise<void>
  /** What sync does: detect, write that file, update the exports. */
  syncAndWrite(file: string, mode?: 'quick'): Promise<void>
}

async function createMachine({ present }: { present: readonly string[] }): Promise<Machine> {
  const env: Record<string, string | undefined> = {}
  const host = await createTestHost({ clock: { now: () => machine.now }, overrides: { env } })
  const at = (...parts: string[]) => nodePath.join(host.directory, ...parts)
  Object.assign(env, { PATH: at('bin'), XDG_CACHE_HOME: at('cache') })
  await cp(shipped, at('home'), { recursive: true })
  await mkdir(at('bin'))
  await writeFile(at('home', 'tool_registry.json'), JSON.stringify(tools))
  await writeFile(at('home', 'ml_framework_registry.json'), '{}')
  await writeFile(at('home', 'provider_registry.json'), '{}')
  const detect = async () => {
    machine.runs += 1
    if (machine.error) throw machine.error
    const snapshot = await loadSnapshot(at('home'), host)
    const ids = Object.keys(entriesOf(snapshot, 'tools')).filter(id => id !== machine.skips)
    return {
      snapshot,
      detections: new Map<Ref, Detected>(ids.map(id => [toRef('tools', id), detectedOf(id)])),
    }
  }
  const refresh = async () => {
    if (machine.error) throw machine.error
    machine.refreshes += 1
  }
  const detectedOf = (id: string): Detected => {
    const status = machine.present.includes(id) ? 'present' : 'absent'
    const finding = { path: null, version: null, evidence: null, reason: null }
    const checked_at = new Date(machine.now).toISOString()
    return { status: machine.unknown.includes(id) ? 'unknown' : status, ...finding, checked_at }
  }
  const machine: Machine = {
    host,
    env,
    now: noon,
    present,
    unknown: [],
    skips: undefined,
    error: undefined,
    runs: 0,
    refreshes: 0,
    at,
    exportVariables: () => exportVariables({ home: at('home'), detect, refresh }, host),
    editHome: async (file, edit) => {
      await writeFile(at('home', file), edit(await readFile(at('home', file), 'utf8')))
    },
    syncAndWrite: async (file, mode) => {
      const pending = await findExports({ home: at('home') }, host)
      const found = await detect()
      await machine.editHome(file, text =>
        file === 'tool_registry.json'
          ? text.replace('"detection"', '"detected":{"status":"present"},"detection"')
          : text.replace('{', '{"x-note": {},'),
      )
      const isWritten = file !== 'hyper_registry.json'
      await updateExports(pending, { ...found, isQuick: mode === 'quick', isWritten }, host)
    },
  }
  return machine
}

async function readTree(directory: string): Promise<string> {
  const files = await readdir(directory, { recursive: true, withFileTypes: true })
  const texts = files
    .filter(file => file.isFile())
    .map(file => readFile(nodePath.join(file.parentPath, file.name), 'utf8'))
  return (await Promise.all(texts)).join('\n')
}

function valuesOf({ variables }: Pick<ExportResult, 'variables'>): Record<string, string | undefined> {
  return Object.fromEntries(variables.map(({ name, value }) => [name, value]))
}
