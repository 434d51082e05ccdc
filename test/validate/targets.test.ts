import { execFileSync } from 'node:child_process'
import { symlink, truncate, writeFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { limits } from '../../src/lib/limits.ts'
import { registryNames } from '../../src/registry/schema/names.ts'
import { findTargets } from '../../src/validate/targets.ts'
import { validateTargets } from '../../src/validate/validate.ts'
import { soundDay, soundTexts, writeHome } from '../support/homes/valid-home.ts'
import { createTestHost } from '../support/test-host.ts'

async function createHome(changes: Partial<typeof soundTexts> = {}) {
  const host = await createTestHost({ clock: { now: () => Date.parse(soundDay) } })
  await writeHome(host.directory, { ...soundTexts, ...changes })
  return host
}

test('a directory is a home: all of its registries are meant', async () => {
  const host = await createHome()
  expect(await findTargets(['.'], host)).toEqual([
    { kind: 'home', directory: host.directory, names: registryNames },
  ])
})

test('files are known by their names, and checked in their directory', async () => {
  const host = await createHome()
  const absolute = host.path.join(host.directory, 'model_registry.json')
  expect(await findTargets(['tool_registry.json', absolute], host)).toEqual([
    { kind: 'home', directory: host.directory, names: ['tools', 'models'] },
  ])
})

test('a file beside its own directory adds nothing', async () => {
  const host = await createHome()
  expect(await findTargets(['tool_registry.json', '.'], host)).toEqual([
    { kind: 'home', directory: host.directory, names: registryNames },
  ])
})

test.each([
  ['nothing.json', 'nothing.json does not exist'],
  ['notes.json', 'cannot tell which registry notes.json is'],
  ['tool_registry.json/x', 'tool_registry.json/x does not exist'],
  ['loop', 'cannot read loop: ELOOP'],
  ['huge.json', 'huge.json has 16777217 bytes, the limit is 16777216'],
  ['pipe.json', 'pipe.json is a pipe or a device'],
])('%s is refused, with what to do', async (path, message) => {
  const host = await createHome()
  await writeFile(host.path.join(host.directory, 'notes.json'), '{}')
  await symlink('loop', host.path.join(host.directory, 'loop'))
  await writeFile(host.path.join(host.directory, 'huge.json'), '')
  await truncate(host.path.join(host.directory, 'huge.json'), limits.fileBytes + 1)
  execFileSync('mkfifo', [host.path.join(host.directory, 'pipe.json')])
  const refused = findTargets([path], host)
  await expect(refused).rejects.toMatchObject({
    code: 'input',
    hint: expect.stringMatching(/registry|registries/),
  })
  await expect(refused).rejects.toThrow(message)
})

test('an empty path is no word for the working directory', async () => {
  const refused = findTargets(['', 'tool_registry.json'], await createHome())
  await expect(refused).rejects.toMatchObject({ code: 'usage', message: 'a path is empty' })
})

test.each(['.', 'new.json'])('%s: a registry that is no JSON is known by its $schema', async path => {
  const host = await createTestHost()
  const file = host.path.join(host.directory, 'new.json')
  await writeFile(file, '{ "$schema": "./schemas/tool_registry.schema.json", }')
  await writeFile(host.path.join(host.directory, 'other.json'), '{ "$schema": "./tsconfig.json", }')
  expect(await findTargets([path], host)).toMatchObject([{ kind: 'file', name: 'tools', path: file }])
})

test('of a large directory one file at a time is in memory', async () => {
  const host = await createTestHost()
  for (const name of ['a', 'b', 'tools'])
    await writeFile(host.path.join(host.directory, `${name}.json`), '{}')
  let [reading, most] = [0, 0]
  const readBytes: typeof host.fs.readBytes = async (...parts) => {
    reading += 1
    most = Math.max(most, reading)
    const bytes = await host.fs.readBytes(...parts)
    reading -= 1
    return bytes
  }
  const watched = { ...host, fs: { ...host.fs, readBytes } }
  expect(await findTargets(['.'], watched)).toMatchObject([{ kind: 'file', name: 'tools' }])
  expect({ reading, most }).toEqual({ reading: 0, most: 1 })
})

test('references between files are checked, and reported for the named files only', async () => {
  const host = await createHome({
    models: soundTexts.models.replace('"provider": "other"', '"provider": "othr"'),
    tools: soundTexts.tools.replace('"which podman"', '"which podman | cat"'),
  })
  const { report, sources } = await validateTargets(
    await findTargets(['model_registry.json'], host),
    host,
    {},
  )
  const file = host.path.join(host.directory, 'model_registry.json')
  expect(report).toMatchObject({ files: [file], diagnostics: [{ rule: 'unknown-provider', file }] })
  expect([...sources.keys()]).toEqual([file])
})

test('several homes make one report', async () => {
  const [first, second] = [await createHome(), await createHome({ plugins: '{' })]
  const homes = await findTargets([first.directory, second.directory], first)
  const { report } = await validateTargets(homes, first, {})
  expect(report.files).toHaveLength(18)
  expect(report.diagnostics).toMatchObject([
    { rule: 'json-syntax', file: second.path.join(second.directory, 'plugin_registry.json') },
  ])
})
