import { writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { describe, expect, test } from 'vitest'
import { createPositionIndex } from '../../../src/lib/json/json-node.ts'
import { parseJson } from '../../../src/lib/json/parse-json.ts'
import { decodeText } from '../../../src/lib/json/parse-plain-json.ts'
import { createJsonCases, type JsonCase } from '../../support/json-cases.ts'
import { runProgram } from '../../support/processes/run-program.ts'
import { temporaryDirectory } from '../../support/test-host.ts'

const cases = createJsonCases()
const of = (verdict: JsonCase['verdict']) => cases.filter(each => each.verdict === verdict)

/** What reading says: the value is there or not, and what is wrong, with the place. */
function read({ bytes }: JsonCase) {
  const { text, error } = decodeText(bytes)
  const { root, value, errors } = error
    ? { root: undefined, value: undefined, errors: [error] }
    : parseJson(text)
  const at = createPositionIndex(text)
  return {
    isRead: root !== undefined,
    value,
    errors,
    places: errors.map(({ start }) => at(start)),
    text,
  }
}

test('there are as many cases as anybody has', () => {
  expect(cases.length).toBeGreaterThanOrEqual(318)
  expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length)
  for (const verdict of ['y', 'n', 'i'] as const) expect(of(verdict).length).toBeGreaterThan(10)
})

// JSON.parse knows the grammar too: it keeps the generator honest.
test.each([
  ['y', true],
  ['n', false],
] as const)('the cases of %s are what they are called', (verdict, isJson) => {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  const wrong = of(verdict).filter(({ bytes }) => {
    try {
      JSON.parse(decoder.decode(bytes))
      return !isJson
    } catch {
      return isJson
    }
  })
  expect(wrong.map(({ name }) => name)).toEqual([])
})

describe('what is JSON is read, to the same value', () => {
  test.each(of('y').map(each => [each.name, each] as const))('%s', (_, each) => {
    const { isRead, value, errors, text } = read(each)
    expect({ isRead, errors }).toEqual({ isRead: true, errors: [] })
    expect(JSON.stringify(value)).toBe(JSON.stringify(JSON.parse(text)))
  })
})

describe('what is not is refused, with a place', () => {
  test.each(of('n').map(each => [each.name, each] as const))('%s', (_, each) => {
    const { isRead, errors, places, text } = read(each)
    expect(isRead).toBe(false)
    const last = errors.at(-1)
    expect(last?.message).toMatch(/\S/)
    expect(last?.start).toBeLessThanOrEqual(text.length)
    expect(places.at(-1)?.line).toBeGreaterThanOrEqual(1)
  })
})

// What RFC 8259 leaves open is decided here.
const decisions: Readonly<Record<string, string>> = {
  'the number 1e309': 'the number 1e309 is out of range',
  'the number -1e309': 'the number -1e309 is out of range',
  'the number 1e99999999999': 'the number 1e99999999999 is out of range',
  [`the number ${'9'.repeat(30)}`]: 'is out of range',
  'the number 1e-99999': 'read',
  'the number 123456789012345678901234567890': 'read',
  'half a pair: \\ud800': 'read',
  'half a pair: \\udc00': 'read',
  'half a pair: \\ud800x': 'read',
  'half a pair: \\ud800\\n': 'read',
  'half a pair: \\udc00\\ud800': 'read',
  'half a pair: \\ud800\\ud800': 'read',
  'half a pair: \\ud83d': 'read',
  'a byte order mark': 'the file begins with a byte order mark',
  'the same key twice': 'the key "a" stands here a second time',
  'the same key twice, once with an escape': 'the key "a" stands here a second time',
  'a key that reaches into prototypes': 'the key "__proto__" is not allowed',
  'another one': 'the key "constructor" is not allowed',
  'one with escapes': 'the key "__proto__" is not allowed',
  'a hundred thousand lists in each other': 'nested deeper than 64 levels',
  'a hundred thousand objects in each other': 'nested deeper than 64 levels',
}

describe('what the standard leaves open is decided', () => {
  test('each of it', () => {
    expect(
      of('i')
        .map(({ name }) => name)
        .toSorted(),
    ).toEqual(Object.keys(decisions).toSorted())
  })

  test.each(of('i').map(each => [each.name, each] as const))('%s', (name, each) => {
    const { isRead, errors } = read(each)
    const [error] = errors
    expect(error?.message ?? (isRead ? 'read' : '')).toContain(decisions[name] ?? 'undecided')
  })
})

test('the program says the same of a sample, in files', async () => {
  const directory = await temporaryDirectory()
  const sample = cases.filter((_, index) => index % 12 === 0 && cases[index]?.verdict !== 'i')
  const paths = sample.map((_, index) => nodePath.join(directory, `case-${index}.json`))
  await Promise.all(sample.map(({ bytes }, index) => writeFile(paths[index] ?? '', bytes)))
  const run = await runProgram(['validate', '--json', '--as', 'tools', ...paths], { directory })
  expect(run.code).toBe(1)
  const { diagnostics }: { diagnostics: { file: string; rule: string }[] } = JSON.parse(run.stdout)
  const refused = new Set(
    diagnostics.filter(({ rule }) => rule === 'json-syntax' || rule === 'encoding').map(({ file }) => file),
  )
  const wrong = sample.filter(({ verdict }, index) => refused.has(paths[index] ?? '') !== (verdict === 'n'))
  expect(wrong.map(({ name }) => name)).toEqual([])
})
