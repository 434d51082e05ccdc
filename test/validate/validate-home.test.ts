import { rm, writeFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { registryFiles, registryNames } from '../../src/registry/schema/names.ts'
import type { ValidateOptions } from '../../src/validate/rule.ts'
import { validateHome } from '../../src/validate/validate.ts'
import { type HomeTexts, soundDay, soundTexts, writeHome } from '../support/homes/valid-home.ts'
import { createTestHost } from '../support/test-host.ts'

const clock = { now: () => Date.parse(soundDay) }

async function validate(changes: Partial<HomeTexts>, options: ValidateOptions = {}) {
  const host = await createTestHost({ clock })
  await writeHome(host.directory, { ...soundTexts, ...changes })
  return validateHome(host.directory, host, options)
}

const rulesOf = (report: { diagnostics: readonly { rule: string }[] }) =>
  report.diagnostics.map(({ rule }) => rule)

test('the shipped registries have no findings on the day they are from', async () => {
  const host = await createTestHost({ clock })
  const report = await validateHome(host.path.join(host.programRoot, 'registries'), host)
  expect(report.diagnostics).toEqual([])
})

test.each([30, 180, 1000, 5000])('%i days later their age alone is told, and --strict passes', async days => {
  const host = await createTestHost({ clock: { now: () => clock.now() + days * 86_400_000 } })
  const home = host.path.join(host.programRoot, 'registries')
  const report = await validateHome(home, host, { strict: true })
  expect(rulesOf(report).filter(rule => rule !== 'data-age')).toEqual([])
  expect(report.valid).toBe(true)
})

const wrong = soundTexts.tools.replace('"NEXUS_HAS_DOCKER"', '"docker"')
const failing: [what: string, changes: Partial<HomeTexts>, rules: string[]][] = [
  ['a broken tool that others refer to', { tools: wrong }, ['schema']],
  [
    'a broken provider with models, an adapter and a card',
    { providers: soundTexts.providers.replace('"bearer"', '"magic"') },
    ['schema'],
  ],
  [
    'a broken model that a provider lists and a plug-in requires',
    { models: soundTexts.models.replace('128000', '"many"') },
    ['schema'],
  ],
  [
    'a broken dashboard entry',
    {
      dashboard: soundTexts.dashboard
        .replace('"icon": 1', '')
        .replace('"gauge_meter",\n          "env_vars"', '"dial",\n          "env_vars"'),
    },
    ['schema'],
  ],
  ['a broken metric', { dashboard: soundTexts.dashboard.replace('"/load" }', '5 }') }, ['schema']],
  [
    'a broken node',
    { hyper: soundTexts.hyper.replace('{ "id": "fusion" }', '{ "id": "fusion", "x": 1 }') },
    ['unknown-field'],
  ],
  [
    'a broken entry of the list of registries',
    { hyper: soundTexts.hyper.replace('"./plugin_registry.json", ', '1, ') },
    ['schema'],
  ],
  ['tools that are not JSON', { tools: '{' }, ['json-syntax']],
  ['models that are not JSON', { models: '{' }, ['json-syntax']],
  ['providers that are not JSON', { providers: '{' }, ['json-syntax']],
  ['services that are not JSON', { microservices: '' }, ['json-syntax']],
  ['plug-ins that are not JSON', { plugins: '[' }, ['json-syntax']],
  ['a dashboard that is not JSON', { dashboard: 'null' }, ['schema']],
  ['a hyper registry that is not JSON', { hyper: '{"a' }, ['json-syntax']],
]

test.each(failing)('%s is told once, and nothing that follows from it', async (_, changes, rules) => {
  expect(rulesOf(await validate(changes))).toEqual(rules)
})

test.each(registryNames)('a home without %s has that one finding', async name => {
  const host = await createTestHost({ clock })
  await writeHome(host.directory)
  await rm(host.path.join(host.directory, registryFiles[name]))
  const report = await validateHome(host.directory, host)
  expect(report.diagnostics).toMatchObject([
    { rule: 'missing-registry', file: host.path.join(host.directory, registryFiles[name]) },
  ])
})

test('edges keep their places when one before them is broken', async () => {
  const hyper = soundTexts.hyper
    .replace(
      '"from": "core", "to": "router", "type": "requires"',
      '"from": "core", "to": "router", "type": "eats"',
    )
    .replace('"to": "fusion"', '"to": "fussion"')
  const { diagnostics } = await validate({ hyper })
  expect(diagnostics).toMatchObject([
    { rule: 'schema', pointer: '/dependency_graph/edges/0/type', line: 17 },
    { rule: 'dangling-edge', pointer: '/dependency_graph/edges/1/to', line: 18, column: 33 },
  ])
})

test('everything wrong in all files is told at once, sorted by file and place', async () => {
  const { diagnostics, errors, warnings, valid } = await validate({
    tools: wrong.replace('"which podman"', '"which podman | cat"'),
    models: soundTexts.models.replace('"other"', '"othr"').replace('0.003,', '3,'),
    hyper: soundTexts.hyper.replace('"entries_count_expected": 3', '"entries_count_expected": 9'),
  })
  expect(diagnostics.map(({ rule, line }) => `${rule}:${line}`)).toEqual([
    'entry-count:6',
    'cost-magnitude:16',
    'unknown-provider:37',
    'schema:5',
    'shell-syntax:13',
  ])
  expect({ errors, warnings, valid }).toEqual({ errors: 3, warnings: 2, valid: false })
})

const miscounted = {
  hyper: soundTexts.hyper.replace('"entries_count_expected": 3', '"entries_count_expected": 9'),
}

test('warnings leave a home valid, unless they count', async () => {
  expect(await validate(miscounted)).toMatchObject({ valid: true, errors: 0, warnings: 1 })
  expect(await validate(miscounted, { strict: true })).toMatchObject({ valid: false, errors: 0, warnings: 1 })
})

test('a rule can be another level, or off', async () => {
  expect(await validate(miscounted, { rules: { 'entry-count': 'error' } })).toMatchObject({
    valid: false,
    errors: 1,
  })
  expect(await validate(miscounted, { rules: { 'entry-count': 'off' } })).toMatchObject({
    valid: true,
    warnings: 0,
  })
  expect(await validate({ tools: wrong }, { rules: { schema: 'warning' } })).toMatchObject({
    valid: true,
    warnings: 1,
  })
})

test('the horizon decides which retirements are near', async () => {
  const dashboard = soundTexts.dashboard.replace('["large"]', '["small"]')
  const models = soundTexts.models.replace('2999-06-01', '2027-01-22')
  expect(rulesOf(await validate({ dashboard, models }))).toEqual([])
  expect(rulesOf(await validate({ dashboard, models }, { horizonDays: 59 }))).toEqual([])
  expect(rulesOf(await validate({ dashboard, models }, { horizonDays: 60 }))).toEqual(['lifecycle'])
})

test('a relative directory begins at the working directory', async () => {
  const host = await createTestHost({ clock })
  await host.fs.makeDirectory(host.path.join(host.directory, 'home'))
  await writeHome(host.path.join(host.directory, 'home'))
  const { files, valid } = await validateHome('home', host)
  expect(valid).toBe(true)
  expect(files[0]).toBe(host.path.join(host.directory, 'home', 'adapter_registry.json'))
})

test('a file that is no file is told, with what to do', async () => {
  const host = await createTestHost({ clock })
  await writeHome(host.directory)
  await rm(host.path.join(host.directory, 'plugin_registry.json'))
  await host.fs.makeDirectory(host.path.join(host.directory, 'plugin_registry.json'))
  await writeFile(
    host.path.join(host.directory, 'adapter_registry.json'),
    Buffer.alloc(17 * 1024 * 1024, ' '),
  )
  const { diagnostics } = await validateHome(host.directory, host)
  expect(diagnostics).toMatchObject([
    { rule: 'json-syntax', hint: expect.stringContaining('16777216') },
    { rule: 'missing-registry', hint: 'Check that it is a file that you may read' },
  ])
})
