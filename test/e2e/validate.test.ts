import { mkdir, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { expect, test } from 'vitest'
import { rules } from '../../src/validate/rules/index.ts'
import { soundTexts, writeHome } from '../support/homes/valid-home.ts'
import { runInProcess } from '../support/processes/run-in-process.ts'
import { temporaryDirectory } from '../support/test-host.ts'

/** Runs `validate` beside a home called `home`, the sound one but for some registries. */
async function validate(args: readonly string[], changes: Partial<typeof soundTexts> = {}, config?: object) {
  const directory = await temporaryDirectory()
  const home = nodePath.join(directory, 'home')
  await mkdir(home)
  await writeHome(home, { ...soundTexts, ...changes })
  if (config) await writeFile(nodePath.join(directory, '.nexus-registryrc.json'), JSON.stringify(config))
  return { home, ...(await runInProcess(['validate', ...args], { directory })) }
}

const broken = { tools: soundTexts.tools.replace('"NEXUS_HAS_PODMAN"', '"podman"') }
const miscounted = {
  hyper: soundTexts.hyper.replace('"entries_count_expected": 3', '"entries_count_expected": 4'),
}

test('a sound home ends with 0 and a line', async () => {
  expect(await validate(['home'])).toMatchObject({ code: 0, stdout: '✔ 9 files are valid\n', stderr: '' })
})

test('without a path it is the registry home, created from the shipped registries', async () => {
  // Time passes and models retire: whether it is valid today is no matter of this test.
  expect((await validate([])).stdout).toMatch(/9 files/)
})

test('--home names the registry home', async () => {
  expect(await validate(['--home', 'home'], broken)).toMatchObject({ code: 1 })
})

test('a broken home ends with 1, and shows the place', async () => {
  const { code, stdout, stderr } = await validate(['home'], broken)
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
  expect(stdout).toBe(`home/tool_registry.json

  14:16  error    tools/podman.env_var: expected a name like NEXUS_HAS_DOCKER, found "podman"  schema
         13 │     "detection": "which podman",
         14 │     "env_var": "podman",
            │                ^^^^^^^^

✖ 1 error in 1 of 9 files
`)
})

test.each([[['--json']], [['--format', 'json']]])('%j prints the report', async args => {
  const { code, stdout, home } = await validate(['home', ...args], broken)
  expect(code).toBe(1)
  expect(JSON.parse(stdout)).toEqual({
    valid: false,
    files: expect.arrayContaining([nodePath.join(home, 'tool_registry.json')]),
    errors: 1,
    warnings: 0,
    diagnostics: [
      {
        rule: 'schema',
        severity: 'error',
        message: 'tools/podman.env_var: expected a name like NEXUS_HAS_DOCKER, found "podman"',
        file: nodePath.join(home, 'tool_registry.json'),
        line: 14,
        column: 16,
        end_line: 14,
        end_column: 24,
        pointer: '/podman/env_var',
        hint: null,
      },
    ],
  })
})

test('of several files only those are told that were named', async () => {
  const { code, stdout } = await validate(['home/plugin_registry.json', 'home/hyper_registry.json'], broken)
  expect({ code, stdout }).toEqual({ code: 0, stdout: '✔ 2 files are valid\n' })
})

test.each([
  ['a warning leaves it valid', [], {}, 0],
  ['--strict counts warnings', ['--strict'], {}, 1],
  ['so does the configuration', [], { validate: { strict: true } }, 1],
  ['a rule can be an error', [], { validate: { rules: { 'entry-count': 'error' } } }, 1],
  ['a rule can be off', ['--strict'], { validate: { rules: { 'entry-count': 'off' } } }, 0],
])('%s', async (_, args, config, code) => {
  expect(await validate(['home', ...args], miscounted, config)).toMatchObject({ code })
})

test('--horizon says how near a retirement is', async () => {
  const changes = {
    dashboard: soundTexts.dashboard.replace('["large"]', '["small"]'),
    models: soundTexts.models.replace('2999-06-01', '9999-01-01'),
  }
  expect((await validate(['home', '--strict'], changes)).code).toBe(0)
  const soon = new Date(Date.now() + 50 * 86_400_000).toISOString().slice(0, 10)
  const near = { ...changes, models: soundTexts.models.replace('2999-06-01', soon) }
  expect((await validate(['home', '--strict', '--horizon', '10d'], near)).code).toBe(0)
  expect((await validate(['home', '--strict', '--horizon', '60d'], near)).code).toBe(1)
})

test('--rules lists all rules with their levels', async () => {
  const config = { validate: { rules: { pattern: 'off' } } }
  const table = await validate(['--rules'], {}, config)
  expect(table.code).toBe(0)
  for (const { id, summary } of rules) {
    expect(table.stdout).toContain(id)
    expect(table.stdout).toContain(summary)
  }
  const { stdout } = await validate(['--rules', '--json'], {}, config)
  expect(JSON.parse(stdout)).toContainEqual({
    id: 'pattern',
    level: 'off',
    summary: expect.stringContaining('linear time'),
  })
})

test.each([
  ['a path that does not exist', ['nowhere'], {}, 'nowhere does not exist'],
  ['a file of another name', ['.nexus-registryrc.json'], {}, 'cannot tell which registry'],
  ['a format that does not exist', ['home', '--format', 'xml'], {}, 'there is no format "xml"'],
  ['a horizon that is none', ['home', '--horizon', 'soon'], {}, 'expected a number of days, found "soon"'],
  ['a home that does not exist', ['--home', 'nowhere'], {}, 'does not exist'],
  [
    'a rule that does not exist',
    ['home'],
    { validate: { rules: { 'entry-cuont': 'off' } } },
    'there is no rule "entry-cuont"',
  ],
])('%s ends with 2 and says what to do', async (_, args, config, message) => {
  const { code, stdout, stderr } = await validate(args, {}, config)
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toContain(message)
  expect(stderr).toContain('hint:')
})
