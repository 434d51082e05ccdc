import type * as z from 'zod'
import type { JsonPath } from '../core/json/json-value.ts'
import { suggest } from '../core/nearest.ts'
import { knownKeysAt } from '../schema/known-keys.ts'

/** Something wrong at a place in a document. */
export interface SchemaFault {
  readonly rule: 'schema' | 'unknown-field' | 'id-format'
  /** What was expected and what was found, without the place. */
  readonly message: string
  readonly hint: string | null
  readonly path: JsonPath
  /** Whether it is about the key at the end of the path rather than its value. */
  readonly isAboutKey: boolean
}

/** All that a schema finds wrong with a document, as sentences for people. */
export function findSchemaFaults(schema: z.ZodType, document: unknown): SchemaFault[] {
  const result = schema.safeParse(document, { reportInput: true })
  if (result.success) return []
  return result.error.issues.flatMap(issue => toFaults(issue, schema))
}

function toFaults(issue: z.core.$ZodIssue, schema: z.ZodType): SchemaFault[] {
  const path = toJsonPath(issue.path)
  if (issue.code === 'unrecognized_keys') return issue.keys.map(key => toUnknownField(key, path, schema))
  if (issue.code === 'invalid_key') return [toKeyFault(issue, path)]
  const message = `expected ${expectation(issue)}, ${found(issue.input)}`
  return [{ rule: 'schema', message, hint: null, path, isAboutKey: false }]
}

function toUnknownField(key: string, path: JsonPath, schema: z.ZodType): SchemaFault {
  const known = knownKeysAt(schema, path)
  const hint = suggest(key, known) ?? `Known here: ${known.join(', ')}. Keys of your own begin with x-`
  const message = `the key ${JSON.stringify(key)} is not known`
  return { rule: 'unknown-field', message, hint, path: [...path, key], isAboutKey: true }
}

function toKeyFault(issue: z.core.$ZodIssueInvalidKey, path: JsonPath): SchemaFault {
  const first = issue.issues[0]
  const message = `expected ${first ? expectation(first) : 'another key'} as the key, ${found(path.at(-1))}`
  return { rule: 'id-format', message, hint: null, path, isAboutKey: true }
}

function expectation(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return typeNames[issue.expected] ?? issue.expected
    case 'invalid_value':
      return issue.values.length === 1
        ? JSON.stringify(issue.values[0])
        : `one of ${listValues(issue.values)}`
    case 'too_small':
      return `${unitName(issue.origin)} of at least ${issue.minimum}`
    case 'too_big':
      return `${unitName(issue.origin)} of at most ${issue.maximum}`
    case 'invalid_union':
      return [...new Set(issue.errors.flatMap(errors => errors.slice(0, 1).map(expectation)))].join(', or ')
    default:
      // Formats carry the noun phrase that their schema gave them.
      return issue.message
  }
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  null: 'null',
}

const unitNames: Readonly<Record<string, string>> = {
  string: 'a text with a length',
  array: 'a list with a length',
  number: 'a number',
  int: 'a whole number',
}

function unitName(origin: string): string {
  return unitNames[origin] ?? 'a value'
}

function listValues(values: readonly unknown[]): string {
  return values.map(value => JSON.stringify(value)).join(', ')
}

function found(input: unknown): string {
  if (input === undefined) return 'but it is missing'
  const text = JSON.stringify(input)
  return `found ${text.length > 80 ? `${text.slice(0, 77)}…` : text}`
}

function toJsonPath(path: readonly PropertyKey[]): (string | number)[] {
  return path.map(part => (typeof part === 'number' ? part : String(part)))
}
