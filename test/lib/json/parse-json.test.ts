import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createPositionIndex, findJsonNode } from '../../../src/lib/json/json-node.ts'
import { parseJson } from '../../../src/lib/json/parse-json.ts'
import { limits } from '../../../src/lib/limits.ts'
import { rounds } from '../../support/stress.ts'

describe('parseJson', () => {
  it('reads what JSON.parse reads, to the same value', () => {
    fc.assert(
      fc.property(
        fc.jsonValue({ depthSize: 'medium' }),
        fc.constantFrom(undefined, 2, '\t'),
        (value, indent) => {
          const text = JSON.stringify(value, null, indent)
          fc.pre(!/"(?:__proto__|constructor|prototype)":/.test(text))
          const parsed = parseJson(text)
          expect(JSON.stringify(parsed.value)).toBe(
            text === undefined ? text : JSON.stringify(JSON.parse(text)),
          )
        },
      ),
    )
  })

  it('accepts exactly the texts that JSON.parse accepts', () => {
    const noise = fc.string({ unit: fc.constantFrom(...'{}[]",:\\ \n\t0123456789.eE+-truefalsn\u0001ä') })
    fc.assert(
      fc.property(noise, text => {
        const { root, errors } = parseJson(text)
        // Numbers beyond all range are refused, which JSON.parse makes infinite.
        fc.pre(!errors.some(fault => fault.message.includes('range')))
        const isAccepted = root !== undefined && errors.every(fault => fault.rule === 'duplicate-key')
        expect(isAccepted).toBe(isJson(text))
      }),
      { numRuns: rounds(2000, 300) },
    )
  })

  const refused: [text: string, offset: number, message: RegExp][] = [
    ['', 0, /expected a value, found the end/],
    ['[1,]', 3, /a comma before "\]"/],
    ['{"a":1,}', 7, /a comma before "}"/],
    ['{a:1}', 1, /a key in double quotes, found "a"/],
    ["{'a':1}", 1, /a key in double quotes/],
    ['{"a" 1}', 5, /expected ":"/],
    ['[1 2]', 3, /expected "," or "]"/],
    ['[01]', 2, /found "1"/],
    ['[1.]', 2, /found "\."/],
    ['[NaN]', 1, /found "N"/],
    ['[1e999]', 1, /1e999 is out of range/],
    ['"abc', 4, /not closed before the end of the file/],
    ['["a\nb"]', 3, /not closed before the end of the line/],
    ['["a\tb"]', 3, /must be written as \\u0009/],
    ['["\\x"]', 2, /is not an escape/],
    ['[] // no', 3, /expected the end of the file/],
    ['{"__proto__": 1}', 1, /"__proto__" is not allowed/],
    ['{"a": {"constructor": 1}}', 7, /"constructor" is not allowed/],
    ['{"prototype": 1}', 1, /"prototype" is not allowed/],
    ['['.repeat(65), 64, /nested deeper than 64/],
  ]
  it.each(refused)('refuses %j at offset %i', (text, offset, message) => {
    const { root, errors } = parseJson(text)
    expect(root).toBeUndefined()
    expect(errors.at(-1)).toMatchObject({ rule: 'json-syntax', start: offset })
    expect(errors.at(-1)?.message).toMatch(message)
  })

  it('tells a key that stands twice, and takes the last', () => {
    const { value, errors } = parseJson('{"a": 1, "b": {"a": 2}, "a": 3}')
    expect(value).toEqual({ a: 3, b: { a: 2 } })
    expect(errors).toMatchObject([{ rule: 'duplicate-key', start: 24, end: 27, pointer: '/a' }])
  })

  it('reports a byte order mark, and reads what follows', () => {
    expect(parseJson('\ufeff[1]')).toMatchObject({ value: [1], errors: [{ rule: 'encoding', start: 0 }] })
  })

  it('gives objects no prototype', () => {
    expect(Object.getPrototypeOf(parseJson('{}').value)).toBeNull()
  })

  it('reads a string of three million escapes without running out of stack', () => {
    expect(parseJson(`"${'\\n'.repeat(3_000_000)}"`).errors).toEqual([])
  })

  it('keeps where each value stands', () => {
    const text = '{"a": [10, {"b/c": "x"}]}'
    const { root } = parseJson(text)
    const node = root && findJsonNode(root, ['a', 1, 'b/c'])
    expect(node && text.slice(node.start, node.end)).toBe('"x"')
  })
})

describe('a string as long as a file may be', () => {
  const much = limits.fileBytes

  it.each([
    ['with one escape', `\\n${'a'.repeat(much)}`],
    ['of escapes', '\\u0041'.repeat(much / 6)],
    ['without any', 'a'.repeat(much)],
  ])('%s is read', (_, inside) => {
    const { root, errors } = parseJson(`["${inside}"]`)
    expect({ kind: root?.kind, errors }).toEqual({ kind: 'array', errors: [] })
    const [fault] = parseJson(`["${inside}`).errors
    expect(fault).toMatchObject({ start: inside.length + 2, message: expect.stringMatching(/not closed/) })
  })
})

it('a number as long as a file is shortened in the message', () => {
  const [fault] = parseJson(`[${'9'.repeat(limits.fileBytes)}]`).errors
  expect(fault?.message).toBe(`the number ${'9'.repeat(39)}… is out of range`)
})

describe('createPositionIndex', () => {
  const text = 'ab\ncd\r\n\ref'
  it.each([
    [0, 1, 1],
    [2, 1, 3],
    [3, 2, 1],
    [7, 3, 1],
    [8, 4, 1],
    [10, 4, 3],
  ])('puts offset %i at line %i, column %i', (offset, line, column) => {
    expect(createPositionIndex(text)(offset)).toEqual({ line, column })
  })
})

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
