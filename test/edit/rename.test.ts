import { mkdir } from 'node:fs/promises'
import nodePath from 'node:path'
import { expect, test } from 'vitest'
import { planRename, toRenameEdit } from '../../src/edit/plan-rename.ts'
import { commitEdit } from '../../src/journal/commit-edit.ts'
import { type HomeContent, readHomeFiles } from '../../src/registry/home/update-home.ts'
import { type RegistryName, registryNames } from '../../src/registry/schema/names.ts'
import { validateHome } from '../../src/validate/validate.ts'
import { undoLast } from '../support/homes/edited-home.ts'
import { soundDay, soundTexts, writeHome } from '../support/homes/valid-home.ts'
import { createTestHost } from '../support/test-host.ts'

const texts: HomeContent = new Map(registryNames.map(name => [name, soundTexts[name]]))

async function createHome() {
  const host = await createTestHost({ clock: { now: () => Date.parse(soundDay) } })
  const directory = nodePath.join(host.directory, 'home')
  await mkdir(directory, { mode: 0o700 })
  await writeHome(directory, soundTexts)
  const readAll = async () => {
    const files = await readHomeFiles(directory, registryNames, host)
    return new Map(files.map(({ name, text }) => [name, text]))
  }
  return { host, directory, readAll }
}

test.each([
  ['tools/docker', 'moby'],
  ['models/large', 'larger'],
  ['providers/acme', 'apex'],
  ['plugins/core', 'heart'],
  ['adapters/acme_adapter', 'apex_adapter'],
])('%s becomes %s: the home stays valid, and undo gives back the same bytes', async (name, newId) => {
  const { host, directory, readAll } = await createHome()
  const before = await readAll()
  const { plan } = await commitEdit(directory, toRenameEdit({ name, newId }), host)
  const [registry = ''] = name.split('/')
  expect(plan).toMatchObject({ from: name, to: `${registry}/${newId}` })
  expect((await validateHome(directory, host)).diagnostics).toEqual([])
  const after = [...(await readAll())].filter(([file]) => file === registry)
  const keys = (entries: Iterable<readonly [string, string | undefined]>) =>
    [...entries].flatMap(([, text]) => Object.keys(JSON.parse(text ?? '{}')))
  const id = name.slice(registry.length + 1)
  const same = [...before].filter(([file]) => file === registry)
  expect(keys(after)).toEqual(keys(same).map(key => (key === id ? newId : key)))
  await undoLast(directory, host)
  expect(await readAll()).toEqual(before)
})

test('an id that is a number keeps its place, though JavaScript lists such keys first', () => {
  const plan = planRename(texts, { name: 'tools/docker', newId: '7' })
  expect(plan.texts.get('tools')).toBe(soundTexts.tools.replace('"docker": {', '"7": {'))
})

test('references follow, and the variable stays', () => {
  const plan = planRename(texts, { name: 'docker', newId: 'moby' })
  const tools = JSON.parse(plan.texts.get('tools') ?? '{}')
  expect(tools.moby.env_var).toBe('NEXUS_HAS_DOCKER')
  const dashboard = JSON.parse(plan.texts.get('dashboard') ?? '{}')
  expect(Object.keys(dashboard.sections.tools.entries)).toContain('moby')
})

test.each([
  ['an id that exists', 'tools/docker', 'gpu', 'tools/gpu exists already'],
  ['no id', 'tools/docker', 'a b', '"a b" is not an id like docker or gpt-4o'],
  [
    'an id that reaches into prototypes',
    'tools/docker',
    '__proto__',
    '"__proto__" is not an id like docker or gpt-4o',
  ],
  [
    'a card',
    'dashboard/tools/docker',
    'moby',
    'dashboard/tools/docker has the id of the entry that it shows',
  ],
])('refuses %s', (_, name, newId, message) => {
  expect(() => planRename(texts, { name, newId })).toThrow(message)
})

test.each<[string, string, string, RegistryName, string, string]>([
  ['a list of models', 'models/large', 'larger', 'providers', '["large", "medium"', '["larger", "medium"'],
  ['the dashboard', 'models/large', 'larger', 'dashboard', '["large"]', '["larger"]'],
  ['a successor', 'models/medium', 'middle', 'models', '"successor": "medium"', '"successor": "middle"'],
  ['an edge', 'plugins/core', 'heart', 'hyper', '"from": "core"', '"from": "heart"'],
  ['an edge with a ref', 'models/large', 'larger', 'hyper', '"models/large"', '"models/larger"'],
  ['a range of versions', 'plugins/core', 'heart', 'hyper', '"core": ">=1.0.0 <3"', '"heart": ">=1.0.0 <3"'],
  [
    'a metric of a card',
    'dashboard/metrics/load',
    'busy',
    'dashboard',
    '"metrics": ["load"]',
    '"metrics": ["busy"]',
  ],
  ['a card of a framework', 'ml_frameworks/pytorch', 'torch', 'dashboard', '"pytorch": {', '"torch": {'],
  [
    'the service of a metric',
    'microservices/metrics',
    'gauges',
    'dashboard',
    '"microservice": "metrics"',
    '"microservice": "gauges"',
  ],
])('%s follows', (_, name, newId, registry, before, after) => {
  const plan = planRename(texts, { name, newId })
  expect(soundTexts[registry]).toContain(before)
  const text = plan.texts.get(registry)
  expect(text).toContain(after)
  expect(text).not.toContain(before)
})

test('refuses an id by which others would refer to something else', () => {
  const rename = () => planRename(texts, { name: 'tools/gpu', newId: 'container_runtime' })
  expect(rename).toThrow('would refer to something else')
})

test('refuses what the upstream of a registry would undo, and not entries of this home alone', () => {
  const hyper = soundTexts.hyper.replace('"./tool_registry.json",', '$& "url": "https://example.com/tools",')
  const rename = (content: HomeContent) => planRename(content, { name: 'tools/podman', newId: 'pods' })
  expect(() => rename(new Map([...texts, ['hyper', hyper]]))).toThrow(
    /^tools\/podman and 1 other entry would /,
  )
  const tools = soundTexts.tools.replace('"podman": {', '$& "x-local": true,')
  const plan = rename(new Map([...texts, ['hyper', hyper], ['tools', tools]]))
  expect(plan.texts.get('tools')).toContain('"pods": {')
})
