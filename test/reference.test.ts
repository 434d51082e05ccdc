import { readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { renderTable } from '../scripts/reference/markdown.ts'
import { toReferencePages } from '../scripts/reference/pages.ts'
import { describeType, listFields } from '../scripts/reference/schema-fields.ts'
import { readDocument } from './support/documents.ts'

const pages = toReferencePages()

describe('docs/reference', () => {
  test('has the generated pages and no others', () => {
    expect(readdirSync('docs/reference').toSorted()).toEqual(Object.keys(pages).toSorted())
  })

  test.each(Object.entries(pages))('%s is what `npm run docs` writes', (file, text) => {
    expect(readDocument(`docs/reference/${file}`)).toBe(text)
  })

  test.each(Object.entries(pages))('%s describes everything that it lists', (_, text) => {
    const undescribed = text.split('\n').filter(line => line.startsWith('|') && line.endsWith('|  |'))
    expect(undescribed.filter(line => line.startsWith('| `'))).toEqual([])
  })
})

describe('a type', () => {
  test.each([
    ['a constant', { const: 'http-api' }, '`http-api`'],
    ['several values', { enum: ['a', 1] }, '`a`, `1`'],
    ['one of two', { anyOf: [{ type: 'string' }, { type: 'null' }] }, 'string or null'],
    ['two names in one keyword', { type: ['string', 'null'] }, 'string or null'],
    ['a list', { type: 'array', items: { type: 'integer' } }, 'list of integer'],
    ['a list of anything', { type: 'array' }, 'list of anything'],
    ['a map', { type: 'object', additionalProperties: { type: 'boolean' } }, 'map of boolean'],
    ['a map of anything', { type: 'object', additionalProperties: {} }, 'map of anything'],
    ['an object', { type: 'object', properties: {} }, 'object'],
    ['bounds', { type: 'integer', minimum: 0, maximum: 9 }, 'integer from 0 to 9'],
    ['a lower bound', { type: 'number', minimum: 0 }, 'number, at least 0'],
    ['a length', { type: 'string', maxLength: 3 }, 'string of at most 3 characters'],
    ['a date', { type: 'string', format: 'date', pattern: 'x' }, 'date'],
    ['a reference', { $ref: '#/components/schemas/Graph' }, '`Graph`'],
    ['nothing that is known', {}, 'anything'],
  ])('%s', (_, schema, expected) => {
    expect(describeType(schema)).toBe(expected)
  })
})

test('fields that several objects share are listed once', () => {
  const one = { type: 'object', properties: { path: { type: 'string', description: 'A file' } } }
  const properties = Object.fromEntries(
    ['a', 'b', 'c'].map(name => [name, { ...one, description: `The ${name}` }]),
  )
  expect(listFields({ type: 'object', properties }, '').map(({ path }) => path)).toEqual([
    'a',
    'b',
    'c',
    '<name>.path',
  ])
})

test('a table drops empty columns and keeps bars within cells', () => {
  expect(renderTable(['a', 'b', 'c'], [['x|y', '', 'z']])).toBe('| a | c |\n| --- | --- |\n| x\\|y | z |')
})
