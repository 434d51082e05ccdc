import { expect, test } from 'vitest'
import { createComponents, toComponentKey } from '../../src/registry/components/components.ts'
import { loadSnapshot } from '../../src/registry/load/load-snapshot.ts'
import { type HomeTexts, soundTexts, writeHome } from '../support/homes/valid-home.ts'
import { createTestHost } from '../support/test-host.ts'

async function components(changes: Partial<HomeTexts> = {}) {
  const host = await createTestHost()
  await writeHome(host.directory, { ...soundTexts, ...changes })
  return createComponents(await loadSnapshot(host.directory, host))
}

const rows: [name: string, kind: string, key: string][] = [
  ['tools', 'registry', 'tools'],
  ['tool_registry', 'registry', 'tools'],
  ['tool_registry.json', 'registry', 'tools'],
  ['dashboard', 'registry', 'dashboard'],
  ['tools/docker', 'entry', 'tools/docker'],
  ['tool/docker', 'entry', 'tools/docker'],
  ['docker', 'entry', 'tools/docker'],
  ['core', 'entry', 'plugins/core'],
  ['metrics', 'entry', 'microservices/metrics'],
  ['container_runtime', 'capability', 'container_runtime'],
  ['fusion', 'declared', 'fusion'],
  ['large-latest', 'entry', 'models/large'],
]

test.each(rows)('"%s" is a %s: %s', async (name, kind, key) => {
  const found = (await components()).resolve(name)
  expect(found?.kind).toBe(kind)
  expect(found && toComponentKey(found)).toBe(key)
})

test('a capability knows all that provide it', async () => {
  expect((await components()).resolve('container_runtime')).toMatchObject({
    providers: ['tools/docker', 'tools/podman'],
  })
})

test.each(['nothing', 'tools/nothing', 'models/docker', 'toString', '__proto__', ''])(
  '"%s" means nothing',
  async name => {
    expect((await components()).resolve(name)).toBeUndefined()
  },
)

test('broken entries are known by their ids, capabilities and aliases', async () => {
  const broken = await components({
    tools: soundTexts.tools.replaceAll('"provides"', '"category": "pets", "provides"'),
    models: soundTexts.models.replace('"status": "active"', '"status": "alive"'),
    hyper: soundTexts.hyper.replace('{ "id": "fusion" }', '{ "id": "fusion", "colour": "red" }'),
  })
  expect(broken.isComplete).toBe(true)
  for (const name of ['docker', 'container_runtime', 'large', 'large-latest', 'fusion']) {
    expect(broken.resolve(name), name).toBeDefined()
  }
})

test('names are sorted and hold every form that is written once', async () => {
  const { names } = await components()
  expect(names).toEqual([...names].sort())
  expect(names).toEqual(
    expect.arrayContaining(['docker', 'container_runtime', 'fusion', 'large-latest', 'tools']),
  )
})

test('what could not be read makes it incomplete', async () => {
  expect((await components({ adapters: '{' })).isComplete).toBe(false)
})
