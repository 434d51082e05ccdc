import { mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Host } from '../../src/platform/host.ts'
import { type RegistryName, registryFiles, registryNames } from '../../src/registry/schema/names.ts'
import { soundTexts, writeHome } from '../support/homes/valid-home.ts'
import { runInProcess } from '../support/processes/run-in-process.ts'
import { type Behaviour, document, resetting, startUpstream, status } from '../support/servers/upstream.ts'
import { temporaryDirectory } from '../support/test-host.ts'

type Content = string | Uint8Array | object

/** A user with the sound home, and the file `source.json` with this content. */
async function createUser(content: Content = {}) {
  const directory = await temporaryDirectory()
  const home = nodePath.join(directory, 'home')
  await mkdir(home)
  await writeHome(home)
  const isText = typeof content === 'string' || content instanceof Uint8Array
  await writeFile(nodePath.join(directory, 'source.json'), isText ? content : JSON.stringify(content))
  const read = (name: RegistryName) => readFile(nodePath.join(home, registryFiles[name]), 'utf8')
  return {
    directory,
    run: (args: readonly string[], overrides: Partial<Host> = {}) =>
      runInProcess([...args, '--home', home], { directory, overrides }),
    configure: async (config: object) => {
      const place = nodePath.join(directory, '.config/nexus-registry')
      await mkdir(place, { recursive: true })
      await writeFile(nodePath.join(place, 'config.json'), JSON.stringify(config))
    },
    read,
    readAll: () => Promise.all(registryNames.map(read)),
    entry: async (id: string) => JSON.parse(await read('models'))[id],
  }
}

/** A server of a catalogue, and a user who may request it. */
async function createServed(...behaviours: Behaviour[]) {
  const user = await createUser()
  const server = await startUpstream(...behaviours)
  await user.configure({ allow_private: ['127.0.0.1'], imports: { litellm: server.url } })
  return { ...user, server }
}

const litellm = {
  sample_spec: { litellm_provider: 'one of https://docs.litellm.ai/docs/providers' },
  'acme-9': {
    litellm_provider: 'acme',
    mode: 'chat',
    max_input_tokens: 1000,
    input_cost_per_token: 2e-7,
  },
}
const modelsDev = { acme: { id: 'acme', models: { 'acme-9': { limit: { context: 1000 } } } } }
const openrouter = { data: [{ id: 'acme/acme-9', pricing: { prompt: '0.000001' } }] }
const piAi = { 'acme-responses': { 'chat:acme-9': { id: 'acme-9', cost: { input: 4 } } } }
const file = ['import', 'litellm', 'source.json']

describe('import', () => {
  test('takes a file, and changes nothing the second time', async () => {
    const user = await createUser(litellm)
    const { code, stdout } = await user.run([...file, '--yes'])
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringMatching(
        /litellm: 1 created, 0 updated, 0 unchanged, 1 refused\nPrices: 1 by the token.*documentation, no model \(1\): sample_spec/s,
      ),
    })
    expect(await user.entry('acme-9')).toMatchObject({ provider: 'acme', cost_per_1k_input: 0.0002 })
    const before = await user.readAll()
    const again = await user.run([...file, '--yes', '--json'])
    expect([again.code, JSON.parse(again.stdout)]).toMatchObject([0, { created: [], unchanged: 1 }])
    expect(await user.readAll()).toEqual(before)
  })

  test('can be undone', async () => {
    const user = await createUser(litellm)
    const before = await user.readAll()
    await user.run([...file, '--yes'])
    expect((await user.run(['undo', '--yes'])).code).toBe(0)
    expect(await user.readAll()).toEqual(before)
  })

  test('takes stdin', async () => {
    const user = await createUser()
    const readInput = async () => new TextEncoder().encode(`\ufeff${JSON.stringify(litellm)}`)
    expect((await user.run(['import', 'litellm', '-', '--yes'], { readInput })).code).toBe(0)
    expect(await user.entry('acme-9')).toMatchObject({ context_tokens: 1000 })
  })

  test('prints one JSON document for a script', async () => {
    const dear = { ...litellm['acme-9'], input_cost_per_token: 0.5 }
    const user = await createUser({ ...litellm, dear })
    const { code, stdout } = await user.run([...file, '--yes', '--json'])
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toEqual({
      source: 'litellm',
      created: ['models/acme-9'],
      updated: [],
      unchanged: 0,
      held: [],
      refused: [
        { id: 'sample_spec', reason: 'documentation, no model' },
        { id: 'dear', reason: 'a price of 500000 USD per million tokens: its unit is wrong' },
      ],
      prices: { priced: 1, free: 0, unpriced: 0, unknown: 0 },
    })
  })

  test('lists a price that it holds back, and takes it with --force', async () => {
    const user = await createUser(litellm)
    await user.run([...file, '--yes'])
    const dearer = { 'acme-9': { ...litellm['acme-9'], input_cost_per_token: 2e-6 } }
    await writeFile(nodePath.join(user.directory, 'source.json'), JSON.stringify(dearer))
    const held = await user.run([...file, '--yes'])
    expect(held.stdout).toContain('models/acme-9 cost_per_1k_input: 0.0002 → 0.002')
    expect((await user.run([...file, '--yes', '--json'])).stdout).toContain('"field": "cost_per_1k_input"')
    expect((await user.run([...file, '--yes', '--strict'])).code).toBe(1)
    expect(await user.entry('acme-9')).toMatchObject({ cost_per_1k_input: 0.0002 })
    expect((await user.run([...file, '--yes', '--force', '--strict'])).code).toBe(0)
    expect(await user.entry('acme-9')).toMatchObject({ cost_per_1k_input: 0.002 })
  })

  test.each<[string, Content, readonly string[], number]>([
    ['something is refused', litellm, [], 0],
    ['something is refused, with --strict', litellm, ['--strict'], 1],
    ['nothing is refused, with --strict', litellm, ['--strict', '--only', 'acme-9'], 0],
    ['nothing is taken', { sample_spec: litellm.sample_spec }, [], 1],
  ])('exits as documented when %s', async (_, content, flags, code) => {
    const user = await createUser(content)
    expect((await user.run([...file, '--yes', ...flags])).code).toBe(code)
  })

  test.each<[string, readonly string[], Partial<Host>, number]>([
    ['with --dry-run', ['--dry-run'], {}, 0],
    ['without --yes and without a terminal', [], {}, 2],
    ['after a no', [], { confirm: async () => false }, 1],
  ])('shows the plan and changes nothing %s', async (_, flags, overrides, code) => {
    const user = await createUser(litellm)
    const before = await user.readAll()
    const run = await user.run([...file, ...flags], overrides)
    expect(run).toMatchObject({
      code,
      stdout: expect.stringContaining('"acme-9"'),
      stderr: expect.stringContaining('Nothing was changed'),
    })
    expect(await user.readAll()).toEqual(before)
  })

  test.each<[string, Content, readonly string[], string]>([
    ['a web page', '<!doctype html><title>Log in</title>', file, 'is a web page or XML, not JSON'],
    ['an empty file', ' \n', file, 'is empty'],
    ['half a file', '{"acme-9": {"litellm_provider": "ac', file, 'The file ends in the middle'],
    ['a mistake in line 2', '{"a":\n  x}', file, 'is not valid JSON: line 2'],
    ['a list', [{ a: 1 }], file, 'it is a list of something else'],
    ['an empty list', [], file, 'it is an empty list'],
    ['a number', '5', file, 'it is a number'],
    ['null', 'null', file, 'it is a null'],
    ['an empty object', {}, file, 'it is an empty object'],
    ['other fields', { a: { b: 1 } }, file, 'it has none of the fields'],
    ['data of pi-ai', piAi, file, 'it looks like the data of pi-ai, which cannot be imported'],
    ['the registry of models', soundTexts.models, file, 'it looks like a model registry of nexus-registry'],
    ['a document of models.dev', modelsDev, file, 'it looks like the format of models.dev'],
    ['a document of OpenRouter', openrouter, file, 'nexus-registry import openrouter FILE'],
    ['another format', litellm, ['import', 'models.dev', 'source.json'], 'the format of litellm'],
    ['bytes that are no UTF-8', new Uint8Array([123, 34, 255, 34]), file, 'is no text'],
    ['a file that is not there', {}, ['import', 'litellm', 'other.json'], 'other.json does not exist'],
    ['a directory', {}, ['import', 'litellm', 'home'], 'is a directory, and a source is one JSON file'],
    ['a tree of models.dev', {}, ['import', 'models.dev', 'home'], 'Its build writes them out as api.json'],
    ['an address with a user', {}, ['import', 'litellm', 'https://me@a.test/x'], 'without a user name'],
    ['an unknown source', litellm, ['import', 'lite-llm', 'source.json'], 'Did you mean "litellm"?'],
    ['an unknown strategy', litellm, [...file, '--strategy', 'their'], 'Did you mean "theirs"?'],
    ['an unknown provider', litellm, [...file, '--provider', 'acmee'], 'Did you mean "acme"?'],
    ['a day that is none', litellm, [...file, '--since', 'july'], '--since: "july" is no day'],
    ['a limit that is none', litellm, [...file, '--limit', 'x'], '--limit'],
  ])('refuses %s, and changes nothing', async (_, content, args, message) => {
    const user = await createUser(content)
    const before = await user.readAll()
    const { code, stderr, stdout } = await user.run([...args, '--yes'])
    expect({ code, stderr, stdout }).toEqual({
      code: 2,
      stderr: expect.stringContaining(message),
      stdout: '',
    })
    expect(await user.readAll()).toEqual(before)
  })

  test('refuses what is too large, and changes nothing', async () => {
    const user = await createUser()
    const before = await user.readAll()
    const readInput = () => Promise.reject(Object.assign(new Error('too large'), { code: 'EFBIG' }))
    const { code, stderr } = await user.run(['import', 'litellm', '-', '--yes'], { readInput })
    expect([code, stderr]).toEqual([2, expect.stringContaining('stdin has more than 32 MiB, the limit')])
    expect(await user.readAll()).toEqual(before)
  })
})

describe('import from an address', () => {
  test('requests the mirror, and the second time asks only whether it has changed', async () => {
    const user = await createServed(document(litellm, { etag: '"v1"' }))
    expect((await user.run(['import', 'litellm', '--yes'])).code).toBe(0)
    expect((await user.entry('acme-9'))['x-source'].url).toBe(user.server.url)
    await user.run(['undo', '--yes'])
    expect((await user.run(['import', 'litellm', '--yes'])).code).toBe(0)
    expect(await user.entry('acme-9')).toMatchObject({ context_tokens: 1000 })
    expect(user.server.calls.map(({ headers }) => headers['if-none-match'])).toEqual([undefined, '"v1"'])
  })

  test('takes the new document when it has changed', async () => {
    const newer = { 'acme-9': { ...litellm['acme-9'], max_input_tokens: 2000 } }
    const user = await createServed(document(litellm, { etag: '"v1"' }), document(newer, { etag: '"v2"' }))
    for (const _ of [1, 2]) await user.run(['import', 'litellm', '--yes'])
    expect((await user.entry('acme-9')).context_tokens).toBe(2000)
  })

  test('takes an address that is named, and records it without its query', async () => {
    const user = await createServed(status(500))
    user.server.answerHealth(document(litellm))
    const address = `${user.server.origin}/models.json`
    expect((await user.run(['import', 'litellm', `${address}?key=hidden`, '--yes'])).code).toBe(0)
    expect(user.server.others.map(({ path }) => path)).toEqual(['/models.json?key=hidden'])
    expect((await user.entry('acme-9'))['x-source'].url).toBe(address)
    expect(await user.read('models')).not.toContain('hidden')
  })

  test.each<[string, Behaviour]>([
    ['breaks off', resetting],
    ['fails', status(500)],
    ['sends a web page', document('<html>')],
  ])('changes nothing and says what to do when the server %s', async (_, behaviour) => {
    const user = await createServed(behaviour)
    const before = await user.readAll()
    const { code, stderr } = await user.run(['import', 'litellm', '--yes'])
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/Nothing was changed[\s\S]*(mirror|page of an error)/),
    ])
    expect(await user.readAll()).toEqual(before)
  })

  test('is refused for an address of this machine that is not allowed', async () => {
    const user = await createServed(document(litellm))
    await user.configure({ imports: { litellm: user.server.url } })
    const { code, stderr } = await user.run(['import', 'litellm', '--yes'])
    expect([code, stderr]).toEqual([2, expect.stringContaining('Nothing was changed')])
    expect(user.server.calls).toEqual([])
  })
})

describe('import --compare', () => {
  const large = { litellm_provider: 'acme', mode: 'chat', max_input_tokens: 64_000 }

  test('prints disagreements, and changes nothing', async () => {
    const user = await createUser({ large })
    const before = await user.readAll()
    const { code, stdout } = await user.run([...file, '--compare'])
    expect([code, stdout]).toEqual([
      1,
      expect.stringMatching(/models\/large +context_tokens +128000 +64000 +yours/),
    ])
    expect(stdout).toContain('1 disagreement')
    expect(await user.readAll()).toEqual(before)
  })

  test('prints them as JSON', async () => {
    const user = await createUser({ large })
    const { code, stdout } = await user.run([...file, '--compare', '--json'])
    expect([code, JSON.parse(stdout)]).toEqual([
      1,
      {
        source: 'litellm',
        disagreements: [
          { ref: 'models/large', field: 'context_tokens', here: 128_000, there: 64_000, origin: 'edited' },
        ],
      },
    ])
  })

  test('exits with 0 when there are none', async () => {
    const user = await createUser({ large: { ...large, max_input_tokens: 128_000 } })
    expect(await user.run([...file, '--compare'])).toMatchObject({
      code: 0,
      stdout: 'litellm agrees with what is here\n',
    })
  })
})

describe('export', () => {
  test('prints the models, and an import of them changes nothing', async () => {
    const user = await createUser()
    const { code, stdout } = await user.run(['export', '--to', 'litellm'])
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      'acme/medium': { litellm_provider: 'acme', input_cost_per_token: 3e-6 },
    })
    await writeFile(nodePath.join(user.directory, 'source.json'), stdout)
    const again = await user.run([...file, '--yes', '--json', '--strategy', 'theirs'])
    expect(JSON.parse(again.stdout)).toMatchObject({ created: [], updated: [], unchanged: 5, refused: [] })
  })

  test('writes a file, and replaces one only with --force', async () => {
    const user = await createUser('mine')
    const target = nodePath.join(user.directory, 'source.json')
    const args = ['export', '--to', 'models.dev', 'source.json']
    const refused = await user.run(args)
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('Add --force to replace it')])
    expect(await readFile(target, 'utf8')).toBe('mine')
    expect(await user.run([...args, '--force'])).toMatchObject({ code: 0, stderr: '' })
    expect(JSON.parse(await readFile(target, 'utf8'))).toMatchObject({ acme: { models: { large: {} } } })
    expect((await stat(target)).mode & 0o777).toBe(0o644)
  })

  test.each([
    ['litelm', 'Did you mean "litellm"?'],
    ['openrouter', 'Formats are litellm, models.dev'],
  ])('refuses --to %s', async (name, hint) => {
    const user = await createUser()
    const { code, stderr, stdout } = await user.run(['export', '--to', name])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(hint)
  })
})
