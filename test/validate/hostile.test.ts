import { readFile } from 'node:fs/promises'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Diagnostic } from '../../src/registry/diagnostic.ts'
import { type RegistryName, registryFiles, registryNames } from '../../src/registry/schema/names.ts'
import { rules } from '../../src/validate/rules/index.ts'
import { validateHome } from '../../src/validate/validate.ts'
import { soundDay, soundTexts, writeHome } from '../support/homes/valid-home.ts'
import { rounds } from '../support/stress.ts'
import { createTestHost, type TestHost } from '../support/test-host.ts'

const registry = fc.constantFrom(...registryNames)
const runs = { numRuns: rounds(150) }

async function createHost() {
  return createTestHost({ clock: { now: () => Date.parse(soundDay) } })
}

/** Validates the sound home with one file changed, and checks that the report says only what can be. */
async function expectReport(host: TestHost, name: RegistryName, bytes: Uint8Array | string) {
  await writeHome(host.directory, { ...soundTexts, [name]: bytes })
  const report = await validateHome(host.directory, host)
  expect(report.valid).toBe(report.errors === 0)
  expect(report.errors + report.warnings).toBe(report.diagnostics.length)
  for (const file of report.files) {
    const own = report.diagnostics.filter(diagnostic => diagnostic.file === file)
    if (own.length > 0) expectInside(own, await readLines(file))
  }
  expect(Object.keys(Object.prototype)).toEqual([])
  return report
}

async function readLines(file: string): Promise<string[]> {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(await readFile(file))
  return text.split(/\r\n|\n|\r/)
}

function expectInside(diagnostics: readonly Diagnostic[], lines: readonly string[]) {
  const ids = new Set(rules.map(({ id }) => id))
  const outside = diagnostics.filter(({ rule, line, column, end_line, end_column }) => {
    const isRange = end_line > line || (end_line === line && end_column >= column)
    // A fault may begin right behind the last character: where something is missing, or in the line break.
    const isColumn = column >= 1 && column <= (lines[line - 1] ?? '').length + 2
    return !(ids.has(rule) && line >= 1 && end_line <= lines.length && isRange && isColumn)
  })
  expect(outside).toEqual([])
}

test('files with wrong bytes get a report', async () => {
  const host = await createHost()
  const flips = fc.array(fc.record({ at: fc.nat(), byte: fc.nat(255) }), { minLength: 1, maxLength: 5 })
  await fc.assert(
    fc.asyncProperty(registry, flips, async (name, changes) => {
      const bytes = Buffer.from(soundTexts[name])
      for (const { at, byte } of changes) bytes[at % bytes.length] = byte
      await expectReport(host, name, bytes)
    }),
    runs,
  )
})

test('files that end too early are not valid', async () => {
  const host = await createHost()
  await fc.assert(
    fc.asyncProperty(registry, fc.double({ min: 0, max: 1, noNaN: true }), async (name, part) => {
      const bytes = Buffer.from(soundTexts[name].trimEnd())
      const { valid } = await expectReport(
        host,
        name,
        bytes.subarray(0, Math.floor((bytes.length - 1) * part)),
      )
      expect(valid).toBe(false)
    }),
    runs,
  )
})

test('files of random bytes are not valid', async () => {
  const host = await createHost()
  await fc.assert(
    fc.asyncProperty(registry, fc.uint8Array({ maxLength: 200 }), async (name, bytes) => {
      expect(await expectReport(host, name, bytes)).toMatchObject({ valid: false })
    }),
    runs,
  )
})

const names = [
  'docker',
  'core',
  'models/large',
  'acme',
  'x-a',
  'toString',
  'valueOf',
  '',
  ' ',
  'ä',
  '\u202e',
  '‸',
]
const value = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom<unknown>(...names, 0, -1, 1e300, [], {}),
)

test('any value at any place gets a report', async () => {
  const host = await createHost()
  await fc.assert(
    fc.asyncProperty(registry, fc.nat(), value, fc.boolean(), async (name, at, inserted, isKeyed) => {
      const document = JSON.parse(soundTexts[name])
      const objects = listObjects(document)
      const target = objects[at % objects.length] ?? {}
      const keys = isKeyed ? Object.keys(target) : names
      const key = keys[at % Math.max(keys.length, 1)] ?? 'new'
      Object.defineProperty(target, key, { value: inserted, enumerable: true })
      await expectReport(host, name, JSON.stringify(document, null, at % 3))
    }),
    { numRuns: rounds(400, 40) },
  )
})

function listObjects(document: unknown): object[] {
  if (typeof document !== 'object' || document === null) return []
  return [document, ...Object.values(document).flatMap(listObjects)]
}

const flood = (item: string, count: number) => Array(count).fill(item).join(',')
const keys = (count: number, prefix: string) =>
  Array.from({ length: count }, (_, index) => `"${prefix}${index}":1`).join(',')
const tool = '"detection":"which a","env_var":"NEXUS_HAS_A"'

const floods: [what: string, text: string, rule: string, message: RegExp][] = [
  ['deep nesting', '['.repeat(1_000_000), 'json-syntax', /nested deeper than 64 levels/],
  ['too many items', `[${flood('0', 2_000_000)}]`, 'json-syntax', /more than 100000 items/],
  [
    'too many values',
    `{${flood(`"a":[${flood('0', 99_000)}]`, 12)}}`,
    'json-syntax',
    /more than 1000000 values/,
  ],
  ['a long key', `{"${'x'.repeat(1_000_000)}":1}`, 'json-syntax', /a key is longer than 1024 characters/],
  [
    'a long text',
    `{"a":{"env_var":"NEXUS_HAS_A","detection":"${'|'.repeat(1_000_000)}"}}`,
    'schema',
    /at most 4096/,
  ],
  ['one key again and again', `{${flood('"a":1', 99_000)}}`, 'duplicate-key', /a second time/],
  ['a hundred thousand wrong items', `{"a":{${tool},"tags":[${flood('0', 99_000)}]}}`, 'schema', /tools\/a/],
  ['a hundred thousand wrong entries', `{${keys(99_000, 'k')}}`, 'schema', /expected an object, found 1/],
  ['a hundred thousand wrong ids', `{${keys(99_000, ' ')}}`, 'id-format', /expected an id/],
  [
    'a hundred thousand unknown keys',
    `{"a":{${tool},${keys(99_000, 'k')}}}`,
    'unknown-field',
    /is not known/,
  ],
  [
    'a hundred thousand unknown names',
    `{"a":{${tool},"dependency":[${flood('"dokcer"', 99_000)}]}}`,
    'unknown-dependency',
    /nothing is called "dokcer"/,
  ],
]

test.each(floods)('%s: a report that names it', async (_, text, rule, message) => {
  const host = await createHost()
  const { diagnostics } = await expectReport(host, 'tools', text)
  const own = diagnostics.filter(({ file }) => file.endsWith(registryFiles.tools))
  expect(own.find(found => found.rule === rule)?.message).toMatch(message)
  expect(own.filter(found => found.rule === rule).length).toBeLessThanOrEqual(1000)
})

test('an entry with too many faults to tell does not take its neighbours with it', async () => {
  const host = await createHost()
  const lists = ['tags', 'provides', 'dependency'].map(key => `"${key}":[${flood('0', 99_000)}]`).join(',')
  const tools = soundTexts.tools.replace('  "docker": {', `  "bad": {${tool},${lists}},\n  "docker": {`)
  const { diagnostics } = await expectReport(host, 'tools', tools)
  expect(diagnostics.map(({ rule, message }) => `${rule} ${message}`)).toEqual([
    'entry-count hyper.sub_registries.tools.entries_count_expected: expects 3 entries, but tools has 4',
    'missing-ui-mapping tools/bad: the dashboard does not show it',
    'schema tools/bad: expected something else: it has more errors than can be reported',
  ])
})
