import { expect, test } from 'vitest'
import { limits } from '../../src/lib/limits.ts'
import { loadRegistry } from '../../src/registry/load/load-registry.ts'
import type { RegistryName } from '../../src/registry/schema/names.ts'
import type { LoadedRegistry } from '../../src/registry/snapshot.ts'
import { planChange } from '../../src/server/events/plan-change.ts'
import { soundTexts, writeHome } from '../support/homes/valid-home.ts'
import { createTestHost } from '../support/test-host.ts'

async function load(name: RegistryName, value: unknown): Promise<LoadedRegistry> {
  const host = await createTestHost()
  await writeHome(host.directory, value === undefined ? {} : { [name]: JSON.stringify(value) })
  return loadRegistry(name, host.directory, host)
}

async function plan(name: RegistryName, before: unknown, after: unknown) {
  const [was, is] = [await load(name, before), await load(name, after)]
  return planChange(was, is, { etag: '"tag"', clock: (await createTestHost()).clock })
}

const tool = { detection: 'which x', env_var: 'NEXUS_HAS_X' }
const found = {
  status: 'present',
  path: '/x',
  version: '1',
  evidence: 'path',
  reason: null,
  checked_at: '2026-11-23T08:00:00.000Z',
}
const missing = {
  ...found,
  status: 'absent',
  path: null,
  version: null,
  evidence: null,
  reason: 'it is not here',
}
const later = { checked_at: '2026-11-23T09:00:00.000Z' }
const nothing = { created: [], updated: [], removed: [], detected: [] }

test.each([
  ['nothing', { a: tool }, { a: tool }, {}],
  ['an entry that came', { a: tool }, { c: tool, b: tool, a: tool }, { created: ['b', 'c'] }],
  ['an entry that went', { b: tool, a: tool }, {}, { removed: ['a', 'b'] }],
  ['an entry that is another one', { a: tool }, { a: { ...tool, description: 'x' } }, { updated: ['a'] }],
  ['the order of entries', { a: tool, b: tool }, { b: tool, a: tool }, {}],
  [
    'only the time of the look',
    { a: { ...tool, detected: found } },
    { a: { ...tool, detected: { ...found, ...later } } },
    {},
  ],
  [
    'a version that was found',
    { a: { ...tool, detected: found } },
    { a: { ...tool, detected: { ...found, version: '2' } } },
    { updated: ['a'] },
  ],
  [
    'what was looked for for the first time',
    { a: tool },
    { a: { ...tool, detected: found } },
    { updated: ['a'], detected: [{ id: 'a', from: null, to: 'present' }] },
  ],
  [
    'what is not here any more',
    { a: { ...tool, detected: found } },
    { a: { ...tool, detected: missing } },
    { updated: ['a'], detected: [{ id: 'a', from: 'present', to: 'absent' }] },
  ],
  ['an entry that is broken now', { a: tool, b: tool }, { a: tool, b: { nonsense: 1 } }, { removed: ['b'] }],
  ['the whole file', undefined, { a: tool }, { created: ['a'] }],
])('of a registry %s is told', async (_, before, after, expected) => {
  expect(await plan('tools', before, after)).toEqual({
    registry: 'tools',
    etag: '"tag"',
    ...nothing,
    ...expected,
  })
})

test.each(['hyper', 'dashboard'] as const)('a part of the document %s is told by its pointer', async name => {
  const sound = JSON.parse(soundTexts[name])
  const before = { ...sound, 'x-old/er': 1 }
  const after = { ...sound, version: '9.0.0', 'x-new': 1 }
  expect(await plan(name, before, after)).toMatchObject({
    created: ['/x-new'],
    updated: ['/version'],
    removed: ['/x-old~1er'],
  })
})

test('an entry of the dashboard, and a sub-registry of the hyper registry, are parts of their own', async () => {
  const { dashboard, hyper } = {
    dashboard: JSON.parse(soundTexts.dashboard),
    hyper: JSON.parse(soundTexts.hyper),
  }
  const shown = structuredClone(dashboard)
  shown.sections.tools.entries.docker.display_name = 'Moby'
  delete shown.sections.metrics.system.load
  expect(await plan('dashboard', dashboard, shown)).toMatchObject({
    updated: ['/sections/tools/entries/docker'],
    removed: ['/sections/metrics/system/load'],
  })
  const listed = structuredClone(hyper)
  listed.sub_registries.tools.version = '1.0.1'
  expect(await plan('hyper', hyper, listed)).toMatchObject({ updated: ['/sub_registries/tools'] })
})

test('long lists are cut, and it is told how many there are more', async () => {
  const many = Object.fromEntries(
    Array.from({ length: limits.eventIds + 7 }, (_, index) => [`t${index}`, tool]),
  )
  const change = await plan('tools', {}, many)
  expect(change.created).toHaveLength(limits.eventIds)
  expect(change.more).toEqual({ created: 7 })
})
