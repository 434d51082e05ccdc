import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import nodePath from 'node:path'
import { describe, expect, test } from 'vitest'
import { run } from '../../src/cli/run.ts'
import { codeBlocks, readDocument } from '../support/documents.ts'
import { runInProcess } from '../support/processes/run-in-process.ts'
import { collect, startProgram } from '../support/processes/run-program.ts'
import { findShell } from '../support/shells/shells.ts'
import { createTestHost, temporaryDirectory } from '../support/test-host.ts'

const jq = findShell('jq')

/** The specification's section 7, word for word: the file, and what stands between its quotes. */
const examples = [
  ['dashboard', '.sections.tools.entries | map(select(.category=="compute"))'],
  ['dashboard', '.sections.providers.entries | map(select(.ui_component=="provider_card"))'],
  ['dashboard', '.sections.metrics.system'],
  ['hyper', '.sub_registries | map({name: .key, sync_enabled: .value.sync_enabled})'],
  ['hyper', '.dependency_graph.edges | map(select(.type=="requires"))'],
  ['hyper', '.access_control'],
] as const

async function query(...args: readonly string[]) {
  return runInProcess(['query', ...args], { directory: await temporaryDirectory() })
}

describe.each(examples)("the specification's %s example %s", (name, filter) => {
  const file = `${name}_registry.json`

  test('runs, with the name of the registry and with that of its file', async () => {
    const [byName, byFile] = await Promise.all([query(name, filter), query(file, filter)])
    expect(byName).toMatchObject({ code: 0, stderr: '' })
    expect(byFile).toEqual(byName)
  })

  test.skipIf(jq === undefined)('says what jq says', async () => {
    const real = execFileSync(jq ?? 'jq', [filter, `registries/${file}`], { encoding: 'utf8' })
    expect((await query(name, filter)).stdout).toBe(real)
  })
})

test('a filter comes from a file', async () => {
  const directory = await temporaryDirectory()
  const file = nodePath.join(directory, 'filter.jq')
  await writeFile(file, '# of one model\n.["gpt-4o"].provider\n')
  const ask = (...args: readonly string[]) => runInProcess(['query', ...args], { directory })
  expect(await ask('models', '-r', '-f', file)).toMatchObject({ code: 0, stdout: 'openai\n' })
  expect(await ask('-f', file)).toMatchObject({ code: 0, stdout: 'null\n' })
  expect(await ask('models', '-f', `${file}.no`)).toMatchObject({ code: 2 })
  expect(await ask('models', '-f', file, '--where', 'id = x')).toMatchObject({ code: 2 })
  expect(await ask('models', '-f', file, 'x')).toMatchObject({ code: 2 })
})

test('what is in a file that is no filter is in no message', async () => {
  const host = await createTestHost()
  const file = nodePath.join(await temporaryDirectory(), 'other')
  const contents = [
    'TOKEN=secret one\n',
    'secret',
    'import "secret" as s; .',
    '"secret',
    '{"a": "secret" "b"}',
    '. | $secret',
    'root:x:0:0:secret:/root:/bin/bash\n',
  ]
  for (const content of contents) {
    await writeFile(file, content)
    for (const args of [[], ['-v']]) {
      expect(await run(['query', 'tools', '-f', file, ...args], host)).toBe(2)
      expect(host.written.stderr).toContain(`the filter of ${file} does not parse`)
    }
  }
  expect(host.written.stderr + host.written.stdout).not.toMatch(/secret|TOKEN|root:x/)
})

test.each([
  ['models', '.gpt-4o', '."gpt-4o"'],
  ['models', '.gpt-4.1 | .provider', '."gpt-4.1"'],
  ['models', '.text-embedding-3-small.status', '."text-embedding-3-small"'],
  ['all', '.models.gpt-4o.provider', '."gpt-4o"'],
])('of %s, %s is an error that says how to write it', async (registry, filter, written) => {
  const { code, stderr } = await query(registry, filter)
  expect(code).toBe(2)
  expect(stderr).toContain(`stands in quotes: ${written}\n`)
})

test('the guide shows the examples', () => {
  const shown = codeBlocks(readDocument('docs/query.md'))
    .map(({ body }) => body)
    .join('')
  for (const [name, filter] of examples) expect(shown).toContain(`nexus-registry query ${name} '${filter}'`)
})

test('.key of an array of values is null, as in jq', async () => {
  const { stdout } = await query('hyper', examples[3][1], '-c')
  expect(stdout).toMatch(/^\[(?:\{"name":null,"sync_enabled":null\},?){7}\]\n$/)
})

test.each([
  ['all is an object of all nine', ['all', 'keys | length'], 0, '9\n'],
  ['without a registry it is everything', ['.tools.docker.detection', '-r'], 0, 'which docker\n'],
  [
    'flags find',
    ['models', '--where', 'provider = openai', '--where', 'id ~ 4o$', '--json'],
    0,
    '"id": "gpt-4o"',
  ],
  ['flags find nothing', ['models', '--where', 'provider = nobody'], 1, ''],
  ['nothing, as JSON', ['models', '--where', 'provider = nobody', '--json'], 1, '[]\n'],
  ['a null answer', ['models', '.nope', '-e'], 1, 'null\n'],
  ['no answer', ['models', 'empty', '-e'], 4, ''],
  ['a filter that does not parse', ['models', '.['], 2, ''],
  ['a filter that fails', ['models', '1, error'], 2, '1\n'],
  ['arguments behind it', ['-n', '-c', '$ARGS.positional', '--args', '--', '-x', 'b'], 0, '["-x","b"]\n'],
  ['options behind --args', ['-n', '-c', '$ARGS.positional', '--args', 'a', '-S', 'b'], 0, '["a","b"]\n'],
  ['JSON behind it', ['-n', '-c', '$ARGS.positional', '--jsonargs', '1', '{"a":2}'], 0, '[1,{"a":2}]\n'],
  ['JSON that is none', ['-n', '.', '--jsonargs', 'x'], 2, ''],
  ['both kinds of arguments', ['-n', '.', '--args', '--jsonargs', 'x'], 2, ''],
  ['an argument too many', ['models', '.', 'x'], 2, ''],
  [
    'a filter of a registry with arguments',
    ['models', '-r', '.[$ARGS.positional[0]].provider', '--args', 'gpt-4o'],
    0,
    'openai\n',
  ],
  ['a stream', ['providers', '-c', '--stream', 'first(.) | length'], 0, '2\n'],
  ['colors in a pipe', ['-n', '-C', '1'], 0, '\u001b['],
  ['no environment', ['-n', '-c', 'env'], 0, '{}\n'],
  [
    'arguments for it',
    ['-n', '-c', '--arg', 'a', 'b c', '--argjson', 'd', '[1]', '[$a, $d]'],
    0,
    '["b c",[1]]\n',
  ],
])('%s', async (_, args, code, stdout) => {
  const answer = await query(...args)
  expect(answer).toMatchObject({ code, stdout: expect.stringContaining(stdout) })
  if (stdout === '') expect(answer.stdout).toBe('')
})

test('every format has all models', async () => {
  const count = Object.keys(JSON.parse(readFileSync('registries/model_registry.json', 'utf8'))).length
  const lines = async (format: string) =>
    (await query('models', '--select', 'provider', '--format', format)).stdout.trimEnd().split('\n').length
  expect(await Promise.all(['table', 'ndjson', 'csv', 'yaml'].map(lines))).toEqual([
    count + 1,
    count,
    count + 1,
    count * 2,
  ])
})

test('detections that are too old are told with their age', async () => {
  const directory = await temporaryDirectory()
  const never = await runInProcess(['query', 'tools', '--present'], { directory })
  expect(never).toMatchObject({ code: 1, stdout: '' })
  expect(never.stderr).toContain('This machine has not been scanned yet')
})

test('a filter without end is ended by an interrupt', async () => {
  const child = startProgram(['query', '-n', 'def f: f; f'], { directory: await temporaryDirectory() })
  const ended = collect(child)
  const signals = setInterval(() => child.kill('SIGINT'), 1000)
  const { stdout } = await ended
  clearInterval(signals)
  expect(stdout).toBe('')
  expect(child.signalCode ?? child.exitCode).toSatisfy((how: unknown) => how === 'SIGINT' || how === 130)
})

test('a filter without end is ended by a reader that has seen enough', async () => {
  const child = startProgram(['query', '-n', 'repeat("y")'], { directory: await temporaryDirectory() })
  const ended = new Promise<number | null>(resolve => {
    child.on('close', resolve)
  })
  const [first] = await once(child.stdout ?? child, 'data')
  child.stdout?.destroy()
  expect(String(first)).toMatch(/^"y"\n"y"\n/)
  expect(await ended).toBe(0)
})

test('what is installed needs no jq-web', async () => {
  const directory = await mkdtemp(nodePath.join(tmpdir(), 'nexus-registry-test-'))
  try {
    for (const part of ['bin', 'dist', 'registries', 'package.json']) {
      await cp(part, nodePath.join(directory, 'package', part), { recursive: true })
    }
    const home = nodePath.join(directory, 'home')
    await mkdir(home)
    const argv = [nodePath.join(directory, 'package/dist/main.cjs'), 'query', 'models', 'length']
    expect(execFileSync(process.execPath, argv, { env: { HOME: home }, encoding: 'utf8' })).toMatch(/^\d+\n$/)
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
})
