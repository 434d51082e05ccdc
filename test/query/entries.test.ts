import { mkdir, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { expect, test } from 'vitest'
import { pairValues, splitPair } from '../../src/cli/query-options.ts'
import { run } from '../../src/cli/run.ts'
import { selectFields } from '../../src/query/query.ts'
import { parseSortKeys, sortEntries } from '../../src/query/query-entries.ts'
import { splitTokens } from '../../src/query/run-filter.ts'
import { soundTexts, writeHome } from '../support/homes/valid-home.ts'
import { createTestHost } from '../support/test-host.ts'

const rows = [
  { id: 'b', size: 10, version: '1.10.0', name: 'x' },
  { id: 'a', size: 9, version: '1.9.0', name: 'y' },
  { id: 'd', name: 'x' },
  { id: 'c', size: 10, version: '1.10.0-rc.1', name: 'y' },
]

test.each([
  ['id', 'abcd'],
  ['id:desc', 'dcba'],
  ['size', 'abcd'],
  ['size:desc', 'bcad'],
  ['version', 'acbd'],
  ['version:desc', 'bcad'],
  ['name,id', 'bdac'],
  ['name:desc,id:desc', 'cadb'],
  ['nothing', 'badc'],
])('sorted by %s', async (keys, order) => {
  const sorted = await sortEntries(rows, parseSortKeys(keys))
  expect(sorted.map(({ id }) => id).join('')).toBe(order)
})

test.each(['', 'a:up', 'a,,b', 'a:desc:desc'])('--sort %j is refused', text => {
  expect(() => parseSortKeys(text)).toThrow(expect.objectContaining({ code: 'usage' }))
})

test('selected fields stay where they are, and what is missing is null', () => {
  const entry = { id: 'a', x: { y: 1, z: 2 }, other: true }
  expect(selectFields(entry, ['x.y', 'x.w', 'none', '__proto__.a'])).toEqual({
    id: 'a',
    x: { y: 1, w: null },
    none: null,
    ['__proto__']: { a: null },
  })
})

test.each([
  ['.a|map(.b)', ['.a', '|', 'map', '(', '.b', ')']],
  ['.a // "x" | .["b"]?', ['.a', '//', '"x"', '|', '.', '[', '"b"', ']', '?']],
  ['"a\\(.b + ")")" as $x', ['"a\\(.b + ")")"', 'as', '$x']],
  ['1.5e3 >= .5 # why\n, a::b', ['1.5e3', '>=', '.5', ',', 'a::b']],
  ['"not closed', ['"not closed']],
])('%s has its words', (filter, words) => {
  const starts = splitTokens(filter)
  expect(starts.map(start => words.find(word => filter.startsWith(word, start)))).toEqual(words)
})

test.each([
  [
    ['query', '--arg', 'a', 'b', '.'],
    ['query', '--arg', 'a\0b', '.'],
  ],
  [
    ['query', '--argjson', 'a', '-1'],
    ['query', '--argjson', 'a\0-1'],
  ],
  [
    ['query', '--arg', 'a'],
    ['query', '--arg', 'a'],
  ],
  [
    ['query', '--', '--arg', 'a', 'b'],
    ['query', '--', '--arg', 'a', 'b'],
  ],
])('%j has pairs', (argv, paired) => {
  expect(pairValues(argv)).toEqual(paired)
})

test('a pair comes apart again', () => {
  expect([splitPair('a\0b\0c'), splitPair('a')]).toEqual([{ name: 'a', value: 'b\0c' }, undefined])
})

test.each([
  [
    'no field of that name',
    ['models', '--where', 'providr = x'],
    'there is no field "providr"\nhint: Did you mean "provider"?',
  ],
  ['a misspelt part of a path', ['tools', '--sort', 'detected.versoin'], 'Did you mean "detected.version"?'],
  ['a misspelt selection', ['dashboard', '--select', 'ui_componet'], 'Did you mean "ui_component"?'],
  ['a misspelt field of any registry', ['--where', 'categry = x'], 'Did you mean "category"?'],
  ['an unknown operator', ['models', '--where', 'id is x'], 'there is no operator "is"'],
  ['an unknown format', ['models', '--format', 'xml'], 'Formats are table, json, ndjson, csv, yaml'],
  [
    'a pattern that is none',
    ['models', '--where', 'id ~ ('],
    '"(" is no pattern: error parsing regexp: missing closing ): `(`',
  ],
  ['a misspelt format', ['models', '--format', 'jsn'], 'Did you mean "json"?'],
  ['a field of several registries', ['models', '--where', 'registry = x'], 'there is no field "registry"'],
  ['a field of the dashboard', ['models', '--where', 'section = x'], 'there is no field "section"'],
  ['an unknown registry', ['modles', '--where', 'id = x'], 'Did you mean "models"?'],
  ['an unknown registry before a filter', ['modles', '.'], 'there is no registry "modles"'],
  ['flags with a filter', ['models', '.', '--limit', '1'], '--limit cannot be combined with a filter'],
  ['flags of jq without one', ['models', '-r'], '--raw-output requires a jq filter'],
  ['a name without a value', ['models', '.', '--arg', 'x'], 'Expected a name and a value.'],
  [
    'a file that is not there',
    ['models', '.', '--slurpfile', 'x', 'none.json'],
    'there is no file "none.json"',
  ],
])('%s is refused', async (_, args, message) => {
  const host = await createTestHost()
  expect(await run(['query', ...args], host)).toBe(2)
  expect(host.written.stderr).toContain(message)
  expect(host.written.stdout).toBe('')
})

// Each finds nothing, or everything, whatever the registry holds.
test.each([
  ['a word for a number', 'models', 'context_tokens > many', 'context_tokens is a number'],
  ['a size with a unit', 'models', 'context_tokens = 128k', 'context_tokens is a number'],
  ['a number that is not to be', 'models', 'context_tokens != x', 'context_tokens is a number'],
  ['a number in quotes', 'models', 'context_tokens > "1000"', 'Without quotes it is a number'],
  ['one of several numbers', 'models', 'context_tokens in 128000, x', 'context_tokens is a number'],
  ['an unknown status', 'tools', 'detected.status = presnt', 'Did you mean "present"?'],
  ['one of several', 'models', 'status in [active, retird]', 'Did you mean "retired"?'],
  ['an unknown status that is not to be', 'models', 'status != retird', 'Did you mean "retired"?'],
  ['a status of any registry', 'all', 'detected.status = uup', 'detected.status is never "uup"'],
  ['an order of words', 'models', 'status < active', 'status is a word without an order'],
  ['an unknown item', 'models', 'capabilities contains visoin', 'Did you mean "vision"?'],
  ['a category that nothing lists', 'tools', 'category = contianer', 'Did you mean "container"?'],
  ['a date that no calendar has', 'models', 'released_on > 2026-02-30', 'released_on is a date'],
  ['a month too many', 'models', 'released_on < 2026-13', 'released_on is a date'],
  ['a word for a date', 'models', 'released_on < yesterday', 'released_on is a date'],
  ['a time that is only that', 'tools', 'detected.checked_at > 10:00', 'detected.checked_at is a date'],
  ['a number for a word', 'models', 'provider > 5', 'provider is a text'],
  ['yes for true', 'dashboard', 'status_indicator = yes', 'status_indicator is true or false'],
  ['an object', 'tools', 'install = docker', 'Name one of its fields'],
  ['null in an order', 'models', 'context_tokens > null', 'context_tokens is a number'],
])('--where refuses %s', async (_, registry, condition, message) => {
  const host = await createTestHost({ env: {} })
  expect(await run(['query', registry, '--where', condition], host)).toBe(2)
  expect(host.written).toMatchObject({ stdout: '', stderr: expect.stringContaining(message) })
})

test.each([
  ['a status that nothing has', 'models', 'status = preview', 1],
  ['any status of another registry', 'all', 'detected.status = up', 1],
  ['a version before anything was detected', 'tools', 'detected.version > 3', 1],
  ['a part of a word', 'models', 'capabilities contains vis', 0],
  ['the beginning of a date', 'models', 'released_on > 2024', 0],
  ['what is missing', 'models', 'retires_on = null', 0],
  ['an id that is not there', 'models', 'provider = opnai', 1],
  ['a field of an extension', 'models', 'x-any = 5', 1],
])('--where takes %s', async (_, registry, condition, code) => {
  const host = await createTestHost({ env: {} })
  expect(await run(['query', registry, '--where', condition], host)).toBe(code)
})

test.each(['x-source.url ~ https', 'successor = null', 'cost_per_1k_output > 1e9'])(
  'a field that may be there and is not is none to complain of: %s',
  async condition => {
    const host = await createTestHost({ env: {} })
    expect([0, 1]).toContain(await run(['query', 'models', '--where', condition], host))
    expect(host.written.stderr).not.toContain('error')
  },
)

test('what is half broken is answered from the sound entries, and says so', async () => {
  const host = await createTestHost()
  const home = nodePath.join(host.directory, 'home')
  await mkdir(home)
  await writeHome(home, { ...soundTexts, tools: soundTexts.tools.replace('"NEXUS_HAS_PODMAN"', '"podman"') })
  const ask = async (...args: string[]) => {
    host.written.stdout = ''
    host.written.stderr = ''
    return { code: await run(['query', '--home', home, ...args], host), ...host.written }
  }
  const flags = await ask('tools', '--select', 'env_var', '--format', 'csv')
  expect(flags).toMatchObject({
    code: 1,
    stdout: 'id,env_var\r\ndocker,NEXUS_HAS_DOCKER\r\ngpu,NEXUS_HAS_GPU\r\n',
  })
  expect(flags.stderr).toMatch(/^Omitted from the result: tools\/podman\n {2}\S+tool_registry\.json:14:16: /)
  expect(await ask('tools', 'keys', '-c')).toMatchObject({ code: 1, stdout: '["docker","gpu"]\n' })
  expect(await ask('.tools|keys', '-c')).toMatchObject({ code: 1, stdout: '["docker","gpu"]\n' })
  expect(await ask('models', 'length')).toMatchObject({ code: 0, stderr: '' })
})

test.each([
  [['tools', '--limit', '1'], '2 hours ago'],
  [['tools', '.docker.detected.status'], '2 hours ago'],
  [['all', '.tools.docker.detected.status'], '2 hours ago'],
  [['tools', '--select', 'env_var'], ''],
  [['tools', '.docker.env_var'], ''],
  [['models', '--limit', '1'], ''],
])('%j over detections of two hours ago says: %s', async (args, age) => {
  const checkedAt = '2026-11-23T08:42:55.000Z'
  const host = await createTestHost({ clock: { now: () => Date.parse(checkedAt) + 2 * 3_600_000 } })
  const home = nodePath.join(host.directory, 'home')
  await mkdir(home)
  const found = { status: 'present', path: '/bin/docker', version: null, evidence: 'path', reason: 'x' }
  const detected = JSON.stringify({ ...found, checked_at: checkedAt })
  const tools = soundTexts.tools.replace('"docker": {', `"docker": { "detected": ${detected},`)
  await writeHome(home, { ...soundTexts, tools })
  expect(await run(['query', '--home', home, ...args], host)).toBe(0)
  const note = `Detections are stale, from ${age}: run nexus-registry sync\n`
  expect(host.written.stderr).toBe(age === '' ? '' : note)
})

test('a registry that cannot be used at all is an error, and of all nine the others are asked', async () => {
  const host = await createTestHost()
  const home = nodePath.join(host.directory, 'home')
  await mkdir(home)
  await writeHome(home, { ...soundTexts, tools: '{' })
  expect(await run(['query', '--home', home, 'tools', '.'], host)).toBe(2)
  expect(await run(['query', '--home', home, 'tools', '--present'], host)).toBe(2)
  expect(host.written).toMatchObject({ stdout: '', stderr: expect.stringContaining('tool_registry.json:1:') })
  expect(await run(['query', '--home', home, 'has("tools"), has("models")'], host)).toBe(1)
  expect(host.written.stdout).toBe('false\ntrue\n')
  expect(host.written.stderr).toContain('Omitted from the result: all of tools\n')
})

test('a file of 200 MB is a sentence', async () => {
  const host = await createTestHost()
  const home = nodePath.join(host.directory, 'home')
  await mkdir(home)
  await writeHome(home, soundTexts)
  const { truncate } = await import('node:fs/promises')
  await truncate(nodePath.join(home, 'model_registry.json'), 200_000_000)
  for (const args of [['.'], ['--limit', '1']]) {
    expect(await run(['query', '--home', home, 'models', ...args], host)).toBe(2)
  }
  expect(host.written.stderr).toContain('has 200000000 bytes, the limit is 16777216')
})

test('on a terminal nothing that a registry holds reaches it, elsewhere every byte does', async () => {
  const outputs = await Promise.all(
    [80, undefined].map(async columns => {
      const host = await createTestHost(columns === undefined ? {} : { columns })
      await run(['query', '-n', '-r', '"\\u001b[31m\\u202e"'], host)
      return host.written.stdout
    }),
  )
  expect(outputs).toEqual(['\\x1b[31m\\u202e\n', '\u001b[31m\u202e\n'])
})

test('a file for a filter', async () => {
  const host = await createTestHost()
  await writeFile(nodePath.join(host.directory, 'more.json'), '1 {"a":2}')
  expect(await run(['query', '-n', '-c', '--slurpfile', 'more', 'more.json', '$more'], host)).toBe(0)
  expect(host.written.stdout).toBe('[1,{"a":2}]\n')
})

test('entries are printed as the configuration says, where no flag says otherwise', async () => {
  const host = await createTestHost()
  await writeFile(nodePath.join(host.cwd, '.nexus-registryrc'), 'query: {format: csv}')
  const ask = async (...args: string[]) => {
    host.written.stdout = ''
    await run(['query', 'models', '--select', 'provider', '--limit', '1', ...args], host)
    return host.written.stdout
  }
  expect(await ask()).toBe('id,provider\r\ngpt-6.1-sol,openai\r\n')
  expect(await ask('--format', 'ndjson')).toBe('{"id":"gpt-6.1-sol","provider":"openai"}\n')
  expect(JSON.parse(await ask('--json'))).toEqual([{ id: 'gpt-6.1-sol', provider: 'openai' }])
})

test('the text of a file, and the name of one that holds no JSON', async () => {
  const host = await createTestHost()
  await writeFile(nodePath.join(host.directory, 'broken.json'), '{"a":')
  expect(await run(['query', '-n', '--rawfile', 'more', 'broken.json', '$more'], host)).toBe(0)
  expect(host.written.stdout).toBe('"{\\"a\\":"\n')
  expect(await run(['query', '-n', '--slurpfile', 'more', 'broken.json', '$more'], host)).toBe(2)
  expect(host.written.stderr).toContain('Bad JSON in --slurpfile more broken.json: ')
})
