import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import { findSchemaErrors } from '../../src/registry/load/schema-diagnostics.ts'
import {
  daySchema,
  exportNameSchema,
  idSchema,
  textSchema,
  timeSchema,
  webAddressSchema,
} from '../../src/registry/schema/common.ts'
import { withoutExtensions } from '../../src/registry/schema/extensions.ts'
import { isSubRegistry } from '../../src/registry/schema/names.ts'
import { registrySchemas } from '../../src/registry/schema/registries.ts'
import { brokenExamples } from './broken-examples.ts'
import { readJson, withValue } from './support.ts'

const cases: [what: string, schema: z.ZodType, value: unknown, message: string, hint?: string][] = [
  ['a text', z.string(), 1, 'expected a text, found 1'],
  ['a number', z.number(), 'x', 'expected a number, found "x"'],
  ['a whole number', z.int(), 1.5, 'expected a whole number, found 1.5'],
  ['yes or no', z.boolean(), 'yes', 'expected true or false, found "yes"'],
  ['a list', z.array(z.string()), {}, 'expected a list, found {}'],
  ['an object', z.object({}), [], 'expected an object, found []'],
  ['an object and no text', z.object({}), '//host/:_authToken=SECRET', 'expected an object, found a text'],
  ['a map and no list', z.record(z.string(), z.number()), ['SECRET'], 'expected an object, found a list'],
  ['a map', z.record(z.string(), z.number()), null, 'expected an object, found null'],
  ['null', z.null(), 1, 'expected null, found 1'],
  ['nothing', z.never(), 1, 'expected nothing, found 1'],
  ['a missing key', z.object({ a: z.string() }), {}, 'expected a text, but it is missing'],
  [
    'a word of several',
    z.enum(['bearer', 'none']),
    'beaer',
    'expected one of "bearer", "none", found "beaer"',
    'Did you mean "bearer"?',
  ],
  [
    'a word that is far from all',
    z.enum(['bearer', 'none']),
    'x',
    'expected one of "bearer", "none", found "x"',
  ],
  ['a word', z.literal('hyper'), 'hiper', 'expected "hyper", found "hiper"', 'Did you mean "hyper"?'],
  [
    'an unknown key',
    z.strictObject({ name: z.string().optional() }),
    { nam: '' },
    'the key "nam" is not known',
    'Did you mean "name"?',
  ],
  [
    'an unknown key far from all',
    z.strictObject({ name: z.string().optional() }),
    { q: 1 },
    'the key "q" is not known',
    'Known here: name. Keys of your own begin with x-',
  ],
  [
    'an unknown key where none is known',
    z.strictObject({}),
    { q: 1 },
    'the key "q" is not known',
    'Keys of your own begin with x-',
  ],
  ['a text that says something', z.string().min(1), '', 'expected a text that is not empty, found ""'],
  ['a text in the words of its schema', textSchema, '', 'expected a text that is not empty, found ""'],
  ['a short text', z.string().max(2), 'abc', 'expected a text of at most 2 characters, found "abc"'],
  ['a long text', z.string().min(5), 'abc', 'expected a text of at least 5 characters, found "abc"'],
  ['a text of a length', z.string().length(1), 'abc', 'expected a text of exactly 1 character, found "abc"'],
  ['a list that holds something', z.array(z.int()).min(1), [], 'expected a list that is not empty, found []'],
  ['a short list', z.array(z.int()).max(1), [1, 2], 'expected a list of at most 1 item, found [1,2]'],
  ['a number from', z.number().min(0), -1, 'expected a number of at least 0, found -1'],
  ['a number to', z.number().max(5), 6, 'expected a number of at most 5, found 6'],
  ['a number above', z.number().gt(0), 0, 'expected a number above 0, found 0'],
  ['a number below', z.number().lt(5), 5, 'expected a number below 5, found 5'],
  [
    'a range in the words of its schema',
    z.int().min(1, 'at least 1 millisecond'),
    0,
    'expected at least 1 millisecond, found 0',
  ],
  ['a multiple', z.number().multipleOf(5), 6, 'expected a multiple of 5, found 6'],
  ['a pattern', z.string().regex(/^a$/), 'b', 'expected a text that matches /^a$/, found "b"'],
  [
    'a pattern in the words of its schema',
    exportNameSchema,
    'docker',
    'expected a name like NEXUS_HAS_DOCKER, found "docker"',
  ],
  ['a beginning', z.string().startsWith('a'), 'b', 'expected a text that begins with "a", found "b"'],
  ['an end', z.string().endsWith('a'), 'b', 'expected a text that ends with "a", found "b"'],
  ['a part', z.string().includes('a'), 'b', 'expected a text with "a" in it, found "b"'],
  ['an address', z.url(), 'b', 'expected an address like https://example.com, found "b"'],
  [
    'an address of the web',
    webAddressSchema,
    'ftp://x',
    'expected an address like https://api.example.com/v1, found "ftp://x"',
  ],
  ['a day', z.iso.date(), '1.5.', 'expected a day like 2026-07-02, found "1.5."'],
  ['a day that no month has', daySchema, '2026-02-30', 'expected a day like 2026-07-02, found "2026-02-30"'],
  ['a time', timeSchema, 'now', 'expected a time like 2026-11-23T08:42:55.000Z, found "now"'],
  ['another form', z.uuid(), 'b', 'expected a text of the form uuid, found "b"'],
  [
    'one thing or another',
    z.union([z.string(), z.array(z.string())]),
    1,
    'expected a text, or a list, found 1',
  ],
  [
    'a word, or another thing',
    z.union([z.enum(['public_read', 'admin_only']), z.object({})]),
    'publc_read',
    'expected one of "public_read", "admin_only", or an object, found "publc_read"',
    'Did you mean "public_read"?',
  ],
  [
    'what is wrong inside the thing that was meant',
    z.union([z.string(), z.array(z.string())]),
    ['a', 1],
    'expected a text, found 1',
  ],
  [
    'a kind of object',
    z.discriminatedUnion('k', [z.object({ k: z.literal('a') }), z.object({ k: z.literal('b') })]),
    { k: 'c' },
    'expected another value, found "c"',
  ],
  [
    'a key of a map',
    z.record(idSchema, z.number()),
    { ' ': 1 },
    'expected an id like docker or gpt-4o as the key, found " "',
  ],
  ['a value of a map', z.record(idSchema, z.number()), { a: 'x' }, 'expected a number, found "x"'],
  ['a judgement', z.string().refine(() => false, 'a thing'), 'x', 'expected a thing, found "x"'],
  ['a judgement without words', z.string().refine(() => false), 'x', 'expected another value, found "x"'],
  ['a long value, cut', z.boolean(), 'x'.repeat(200), `expected true or false, found "${'x'.repeat(76)}…`],
]

describe('what a schema finds is a sentence', () => {
  test.each(cases)('%s', (_, schema, value, message, hint = undefined) => {
    expect(findSchemaErrors(schema, value).map(fault => [fault.message, fault.hint])).toEqual([
      [message, hint ?? null],
    ])
  })

  test.each(brokenExamples.map(row => [`${row[0]}: ${row[1]}`, row] as const))('%s', (_, row) => {
    const [name, , path, value] = row
    const broken = withValue(readJson(`test/registry/examples/${name}.json`), path.split('/'), value)
    const document = withoutExtensions(broken, { isFlatMap: isSubRegistry(name) })
    const messages = findSchemaErrors(registrySchemas[name], document).map(({ message }) => message)
    expect(messages).not.toEqual([])
    // The words of Zod are for programmers.
    expect(
      messages.filter(message => /Invalid|Too (?:small|big)|Unrecognized|expected ,|undefined/.test(message)),
    ).toEqual([])
  })
})
