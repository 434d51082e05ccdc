import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { operators, parseCondition } from '../../src/query/condition.ts'
import { matchEntries } from '../../src/query/query-entries.ts'

const entry = {
  id: 'gpt-4o',
  provider: 'openai',
  context: 128_000,
  price: 0.0025,
  preview: false,
  version: '1.10.0',
  built: '2.4.1+cu121',
  address: '127.0.0.1',
  released: '2024-05-13',
  checked: '2026-11-23T08:42:55.000Z',
  capabilities: ['vision', 'streaming'],
  sizes: [1, 20],
  key: ['OPENAI_API_KEY'],
  detected: { status: 'present', version: '28.2.2', reason: null },
  text: 'a, b',
  quoted: '10',
}

test.each([
  // Texts and the id itself.
  ['provider = openai', true],
  ['provider=openai', true],
  ['provider == openai', true],
  ['provider = "openai"', true],
  ['provider = open', false],
  ['provider != openai', false],
  ['provider != google', true],
  ['id = gpt-4o', true],
  ['id ~ ^gpt', true],
  ['provider < p', true],
  ['provider > p', false],
  // Numbers as numbers.
  ['context = 128000', true],
  ['context = 1.28e5', true],
  ['context > 9000', true],
  ['context >= 128000', true],
  ['context < 9', false],
  ['price < 0.01', true],
  ['price > many', false],
  ['context = "128000"', false],
  ['provider > 5', false],
  // Yes and no.
  ['preview = false', true],
  ['preview != true', true],
  ['preview < true', false],
  // Versions by semver, where both are versions.
  ['version > 1.9', true],
  ['version > 1.9.0', true],
  ['version >= 2', false],
  ['version < 1.10.0-rc.1', false],
  ['version = 1.10', true],
  ['version > "1.9"', false],
  ['built = 2.4.1', true],
  ['built >= 2.4', true],
  ['detected.version >= 28', true],
  ['detected.version < 9.0.0', false],
  ['address = 127.0.0.2', false],
  ['quoted > 9', true],
  // Dates as dates.
  ['released < 2024-06-01', true],
  ['released >= 2024', true],
  ['released = 2024-05-13', true],
  ['released = 2024-05-13T00:00:00Z', true],
  ['checked > 2026-11-23T10:00:00+02:00', true],
  ['checked < 2026-11-23', false],
  // Lists: one item is enough, and for != none may be it.
  ['capabilities contains vision', true],
  ['capabilities contains visio', true],
  ['capabilities contains audio', false],
  ['capabilities = vision', true],
  ['capabilities != vision', false],
  ['capabilities ~ ^str', true],
  ['sizes > 10', true],
  ['sizes > 100', false],
  ['key = OPENAI_API_KEY', true],
  // Parts of texts, keys of objects.
  ['provider contains pena', true],
  ['detected contains version', true],
  ['detected contains present', false],
  // One of several.
  ['provider in openai,google', true],
  ['provider in [google, "openai"]', true],
  ['provider in (google)', false],
  ['context in 1, 128000', true],
  ['text in "a, b", c', true],
  ['capabilities in vision,audio', true],
  // What is missing or null.
  ['nothing = x', false],
  ['nothing != x', true],
  ['nothing < 1', false],
  ['nothing contains x', false],
  ['nothing ~ .*', false],
  ['nothing in x,y', false],
  ['nothing = null', true],
  ['detected.reason = null', true],
  ['detected.reason != null', false],
  ['detected.reason = "null"', false],
  ['provider != null', true],
  ['toString != null', false],
  // Patterns.
  ['provider ~ (a)?open', true],
  ['provider ~ (?i)OPENAI', true],
  ['provider ~ ^ai', false],
  ['context ~ ^128', true],
])('%s: %s', async (text, expected) => {
  const matches = await matchEntries([parseCondition(text)])
  expect(matches(entry)).toBe(expected)
})

test('all conditions have to be met', async () => {
  const match = async (...texts: string[]) => (await matchEntries(texts.map(parseCondition)))(entry)
  expect([await match('context > 1', 'id ~ gpt'), await match('context > 1', 'id ~ claude')]).toEqual([
    true,
    false,
  ])
})

test.each([
  ['provider', 'is no FIELD OP VALUE', 'For example'],
  ['', 'is no FIELD OP VALUE', 'For example'],
  ['provider =', 'has no value', "provider = ''"],
  ['provider like open', 'there is no operator "like"', 'Operators are'],
  ['provider =~ open', 'there is no operator "=~"', 'Did you mean'],
  ['provider contain open', 'there is no operator "contain"', 'Did you mean "contains"?'],
])('%s is refused with what is wrong', (text, message, hint) => {
  expect(() => parseCondition(text)).toThrow(
    expect.objectContaining({
      code: 'usage',
      message: expect.stringContaining(message),
      hint: expect.stringContaining(hint),
    }),
  )
})

test.each(['id ~ (', 'id ~ a)(b', 'id ~ (?=a)', String.raw`id ~ (a)\1`])(
  '%s is refused as a pattern',
  async text => {
    await expect(matchEntries([parseCondition(text)])).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining('is no pattern'),
    })
  },
)

test('a pattern takes linear time', async () => {
  const matches = await matchEntries([parseCondition('id ~ (a+)+$')])
  expect(matches({ id: `${'a'.repeat(4000)}!` })).toBe(false)
})

describe('whatever is written', () => {
  const field = fc.stringMatching(/^[a-z_][a-z0-9_-]*(\.[a-z0-9_-]+){0,2}$/)
  const operator = fc.constantFrom(...operators.filter(name => name !== 'in'))
  const word = fc.string({ minLength: 1 }).filter(text => text.trim() === text && !/^["'=!<>~]/.test(text))

  test('comes back in its parts', () => {
    fc.assert(
      fc.property(field, operator, word, (name, sign, value) => {
        expect(parseCondition(`${name} ${sign} ${value}`)).toEqual({
          field: name,
          operator: sign,
          operands: [{ text: value, isQuoted: false }],
        })
      }),
    )
  })

  test('in quotes comes back as it is', () => {
    const quoted = fc.string().filter(text => !text.includes('"'))
    fc.assert(
      fc.property(field, fc.array(quoted, { minLength: 1 }), (name, values) => {
        const list = values.map(value => `"${value}"`).join(', ')
        const operands = values.map(text => ({ text, isQuoted: true }))
        expect(parseCondition(`${name} in ${list}`).operands).toEqual(operands)
      }),
    )
  })

  test('is read or refused in a sentence, and never hangs', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), text => {
        try {
          parseCondition(text)
        } catch (error) {
          expect(error).toMatchObject({ code: 'usage' })
        }
      }),
    )
  })
})
