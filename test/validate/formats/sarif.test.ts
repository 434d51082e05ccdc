import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { Ajv } from 'ajv'
import { expect, test } from 'vitest'
import { program } from '../../../src/lib/program.ts'
import type { Diagnostic } from '../../../src/registry/diagnostic.ts'
import { renderSarif } from '../../../src/validate/formats/sarif.ts'
import { rules } from '../../../src/validate/rules/index.ts'
import { createView } from '../../support/diagnostics-view.ts'
import { createDiagnostic, createReport } from '../../support/homes/diagnostics.ts'

// The schema that OASIS publishes with the standard; the package brings it and nothing else of it is used.
const schemaFile = createRequire(import.meta.url).resolve(
  '@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json',
)
const ajv = new Ajv({
  strict: false,
  unicodeRegExp: false,
  allErrors: true,
  formats: { uri: isUri, 'uri-reference': isUriReference, 'date-time': true },
})
// It is written in draft 4, of which it uses what later drafts have too, but for the name of `$id`.
const { $schema: _, id: $id, ...schema } = JSON.parse(readFileSync(schemaFile, 'utf8'))
const validate = ajv.compile({ $id, ...schema })

function isUri(text: string): boolean {
  return isUriReference(text) && URL.canParse(text)
}

// RFC 3986: these characters and whole percent-encodings, nothing else.
function isUriReference(text: string): boolean {
  return /^(?:[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})*$/.test(text)
}

async function render(...changes: Partial<Diagnostic>[]) {
  const log = JSON.parse(renderSarif(createReport(changes.map(createDiagnostic)), await createView()))
  return { log, run: log.runs[0], result: log.runs[0].results[0] }
}

const evil = '\u0000\u001b]0;x\u0007 \ud800 "<&>\r\n%\u202e'

test.each<[what: string, findings: Partial<Diagnostic>[]]>([
  ['nothing found', []],
  ['an error and a warning', [{}, { severity: 'warning', hint: 'Set it to 1' }]],
  ['a file that is missing', [{ line: 1, column: 1, end_line: 1, end_column: 1, pointer: '' }]],
  ['a path of strange characters', [{ file: '/home/a b/ä%20#?[x]日.json' }]],
  ['half a pair of surrogates', [{ file: '/home/\ud800.json', message: '\ud800' }]],
  ['hostile texts', [{ message: evil, hint: evil, pointer: evil, file: `/home/${evil}` }]],
  ['a path outside', [{ file: '/else where/a.json' }]],
  ['a drive of Windows', [{ file: 'C:/a b/c.json' }]],
  ['stdin', [{ file: '<stdin>' }]],
])('%s: is what the schema of SARIF 2.1.0 describes', async (_, findings) => {
  validate((await render(...findings)).log)
  expect(validate.errors).toBeNull()
})

test('the schema refuses what is no SARIF', async () => {
  const { log } = await render({})
  log.runs[0].results[0].level = 'fatal'
  expect(validate(log)).toBe(false)
})

test('says which program it is, and what columns count', async () => {
  const { run } = await render()
  expect(run.tool.driver).toMatchObject({ name: program.name, version: program.version })
  expect(run.columnKind).toBe('utf16CodeUnits')
  expect(run.results).toEqual([])
})

test('tells of every rule its level and what helps', async () => {
  const { run } = await render()
  const shown: { id: string; defaultConfiguration: { level: string }; help: { text: string } }[] =
    run.tool.driver.rules
  expect(shown.map(({ id, defaultConfiguration }) => [id, defaultConfiguration.level])).toEqual(
    rules.map(({ id, severity }) => [id, severity]),
  )
  for (const { id, help } of shown) expect(help.text).toMatch(new RegExp(`^[A-Z].*\\. .*--rule ${id}=`))
})

test('a finding has its rule, level, words and place', async () => {
  const { result } = await render({
    rule: 'entry-count',
    severity: 'warning',
    message: 'it is 3',
    hint: 'Set it',
  })
  expect(result).toMatchObject({
    ruleId: 'entry-count',
    ruleIndex: rules.findIndex(({ id }) => id === 'entry-count'),
    level: 'warning',
    message: { text: 'it is 3. Set it' },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: 'tool_registry.json', uriBaseId: '%SRCROOT%' },
          region: { startLine: 3, startColumn: 16, endLine: 3, endColumn: 24 },
        },
        logicalLocations: [{ fullyQualifiedName: '/docker/env_var' }],
      },
    ],
  })
})

test.each([
  [
    'spaces and signs are encoded',
    '/home/a b#?%.json',
    { uri: 'a%20b%23%3F%25.json', uriBaseId: '%SRCROOT%' },
  ],
  ['letters beyond ASCII are UTF-8', '/home/ä.json', { uri: '%C3%A4.json', uriBaseId: '%SRCROOT%' }],
  ['what lies outside has its whole address', '/else/a b.json', { uri: 'file:///else/a%20b.json' }],
])('paths: %s', async (_, file, location) => {
  const { result } = await render({ file })
  expect(result.locations[0].physicalLocation.artifactLocation).toEqual(location)
})

test.each<[what: string, changes: Partial<Diagnostic>, isSame: boolean]>([
  ['lines that come before it', { line: 9, end_line: 9 }, true],
  ['another rule', { rule: 'pattern' }, false],
  ['another place', { pointer: '/podman/env_var' }, false],
  ['other words', { message: 'x' }, false],
  ['another file', { file: '/home/x.json' }, false],
])('fingerprints: %s', async (_, changes, isSame) => {
  const [before, after] = [(await render({})).result, (await render(changes)).result]
  expect(before.partialFingerprints['nexusRegistry/v1']).toMatch(/^[0-9a-f]{64}$/)
  const equal = JSON.stringify(before.partialFingerprints) === JSON.stringify(after.partialFingerprints)
  expect(equal).toBe(isSame)
})

test('fingerprints: what is said twice of one place is two findings, the first of which stays what it is', async () => {
  const prints = async (...changes: Partial<Diagnostic>[]) => {
    const { run } = await render(...changes)
    return run.results.map((result: { partialFingerprints: object }) =>
      JSON.stringify(result.partialFingerprints),
    )
  }
  const [first, second, third] = await prints({}, { line: 9, end_line: 9 }, { line: 10, end_line: 10 })
  expect(new Set([first, second, third]).size).toBe(3)
  expect(await prints({})).toEqual([first])
})
