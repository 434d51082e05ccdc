import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { listCatalogEntries, loadCatalog } from '../../src/catalog/catalog.ts'
import { indexCatalog } from '../../src/catalog/find-in-catalog.ts'
import { parseCommandLine } from '../../src/lib/shell/command-line.ts'
import { createHost } from '../../src/platform/node/create-host.ts'
import { idSchema } from '../../src/registry/schema/common.ts'
import { mlFrameworkSchema } from '../../src/registry/schema/ml-framework.ts'
import { providerSchema } from '../../src/registry/schema/provider.ts'
import { toolSchema } from '../../src/registry/schema/tool.ts'
import { createTestHost } from '../support/test-host.ts'

const catalog = await loadCatalog(createHost({ interrupted: new AbortController().signal }))

const shipped = async (part: string): Promise<Record<string, object>> =>
  JSON.parse(await readFile(`catalog/${part}.json`, 'utf8'))

test('every entry of the catalog is one that a registry may have', () => {
  const schemas = [toolSchema, mlFrameworkSchema]
  const wrong = listCatalogEntries(catalog).filter(
    ({ id, entry }) =>
      !idSchema.safeParse(id).success || !schemas.some(schema => schema.safeParse(entry).success),
  )
  expect(wrong).toEqual([])
  const bad = [...catalog.providers].filter(([, provider]) => !providerSchema.safeParse(provider).success)
  expect(bad).toEqual([])
})

test('all that the files hold is read, and nothing else stands in them', async () => {
  const [tools, frameworks, providers] = await Promise.all([
    shipped('tools'),
    shipped('frameworks'),
    shipped('providers'),
  ])
  expect([...catalog.tools.keys()]).toEqual(Object.keys(tools))
  expect([...catalog.frameworks.keys()]).toEqual(Object.keys(frameworks))
  expect([...catalog.providers.keys()]).toEqual(Object.keys(providers))
  const keys = (documents: Record<string, object>) => new Set(Object.values(documents).flatMap(Object.keys))
  const known = 'aliases category commands install name no_version version version_pattern'.split(' ')
  expect([...keys(tools)].filter(key => !known.includes(key))).toEqual([])
  expect([...keys(frameworks)].filter(key => !['name', 'module', 'distributions'].includes(key))).toEqual([])
})

test('no version command needs a shell, and none stands beside the reason for having none', () => {
  for (const [id, { version, noVersion, commands }] of catalog.tools) {
    expect(version === undefined || parseCommandLine(version).ok, id).toBe(true)
    expect(version === undefined || noVersion === undefined, id).toBe(true)
    expect(new Set(commands).size, id).toBe(commands.length)
  }
})

test('every id, executable and alias means one thing', () => {
  const names = indexCatalog(catalog)
  for (const [id, { commands, aliases }] of catalog.tools) {
    expect(names.find(id), id).toMatchObject({ kind: 'tool', id })
    for (const command of commands) expect(names.find(command), command).toMatchObject({ id, command })
    for (const alias of aliases) expect(names.find(alias), alias).toMatchObject({ id })
  }
  for (const id of catalog.providers.keys())
    expect(names.find(id), id).toMatchObject({ kind: 'provider', id })
})

test.each([
  ['ripgrep', { id: 'rg', command: undefined }],
  ['fdfind', { id: 'fd', command: 'fdfind' }],
  ['k8s', { id: 'kubernetes', command: undefined }],
  ['npx', { id: 'npm', command: 'npx' }],
  ['cv2', { kind: 'framework', id: 'opencv' }],
  ['opencv-python', { kind: 'framework', id: 'opencv' }],
  ['together', { kind: 'provider', id: 'togetherai' }],
])('the catalog knows %s', (name, match) => {
  expect(indexCatalog(catalog).find(name)).toMatchObject(match)
})

test.each(['', 'toString', 'agent', 'sg', '../tools'])('the catalog does not know %j', name => {
  expect(indexCatalog(catalog).find(name)).toBeUndefined()
})

test('a catalog that is not there is empty', async () => {
  const host = await createTestHost()
  const empty = await loadCatalog({ ...host, programRoot: host.directory })
  expect(empty.tools.size + empty.frameworks.size + empty.providers.size).toBe(0)
})
