import type * as z from 'zod'
import { type JsonPath, valueAt } from '../../lib/json/json-value.ts'
import { limits } from '../../lib/limits.ts'
import { suggest } from '../../lib/text/nearest.ts'
import { knownKeysAt } from '../schema/known-keys.ts'

/** Something wrong at a place in a document. */
export interface SchemaError {
  readonly rule: 'schema' | 'unknown-field' | 'id-format'
  /** What was expected and what was found, without the place. */
  readonly message: string
  readonly hint: string | null
  readonly path: JsonPath
  /** Whether it is about the key at the end of the path rather than its value. */
  readonly isAboutKey: boolean
}

/** An error whose message is made on demand: a hostile file has a million of them. */
export interface SchemaIssue extends Pick<SchemaError, 'path' | 'isAboutKey'> {
  /** Whether it stands for more errors than can be reported. */
  readonly isOverflow?: boolean
  describe(): SchemaError
}

/** All errors that a schema finds in a document, with messages. */
export function findSchemaErrors(schema: z.ZodType, document: unknown): SchemaError[] {
  return findSchemaIssues(schema, document).map(issue => issue.describe())
}

/** All errors that a schema finds in a document. Where there are too many, one error at the `owner` replaces them. */
export function findSchemaIssues(schema: z.ZodType, document: unknown, owner: JsonPath = []): SchemaIssue[] {
  const result = parse(schema, document)
  if (result === undefined) return [{ ...toIssue('schema', owner, () => tooManyErrors), isOverflow: true }]
  if (result.success) return []
  return result.error.issues.flatMap(issue => toSchemaIssues(issue, { schema, document, base: [] }))
}

const tooManyErrors = { message: 'expected something else: it has more errors than can be reported' }

// Zod hands errors on as the arguments of one call, and more than about a hundred thousand overflow the stack.
function parse(schema: z.ZodType, document: unknown): z.ZodSafeParseResult<unknown> | undefined {
  try {
    return schema.safeParse(document)
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

interface Where {
  readonly schema: z.ZodType
  readonly document: unknown
  /** Path of the value that paths of issues begin at. */
  readonly base: JsonPath
}

function toSchemaIssues(issue: z.core.$ZodIssue, where: Where): SchemaIssue[] {
  const { schema, document, base } = where
  const path = [...base, ...toJsonPath(issue.path)]
  if (issue.code === 'unrecognized_keys') return toUnknownFields(issue.keys, path, schema)
  if (issue.code === 'invalid_key') return [toIssue('id-format', path, () => keyMessage(issue, path))]
  const meant = issue.code === 'invalid_union' ? meantBranch(issue) : undefined
  if (meant) return meant.flatMap(inner => toSchemaIssues(inner, { ...where, base: path }))
  return [toIssue('schema', path, () => toWords(issue, valueAt(document, path)))]
}

function toWords(issue: z.core.$ZodIssue, value: unknown): Words {
  const message = `expected ${expectation(issue)}, ${isOfOtherForm(issue) ? foundKind(value) : found(value)}`
  if (typeof value !== 'string') return { message }
  return { message, hint: suggest(value, listChoices(issue)) ?? null }
}

function listChoices(issue: z.core.$ZodIssue): string[] {
  if (issue.code === 'invalid_union') return issue.errors.flat().filter(isOutOfRange).flatMap(listChoices)
  return issue.code === 'invalid_value' ? issue.values.map(String) : []
}

function isOutOfRange({ path }: z.core.$ZodIssue): boolean {
  return path.length === 0
}

interface Words {
  readonly message: string
  readonly hint?: string | null
}

function toIssue(rule: SchemaError['rule'], path: JsonPath, describe: () => Words): SchemaIssue {
  const place = { path, isAboutKey: rule !== 'schema' }
  return { ...place, describe: () => ({ rule, hint: null, ...describe(), ...place }) }
}

function toUnknownFields(keys: readonly string[], path: JsonPath, schema: z.ZodType): SchemaIssue[] {
  const known = knownKeysAt(schema, path)
  return keys.slice(0, limits.findingsPerFile).map(key =>
    toIssue('unknown-field', [...path, key], () => ({
      message: `the key ${JSON.stringify(key)} is not known`,
      hint: suggest(key, known) ?? listKnown(known),
    })),
  )
}

function listKnown(known: readonly string[]): string {
  const own = 'Keys of your own begin with x-'
  return known.length === 0 ? own : `Known here: ${known.join(', ')}. ${own}`
}

function keyMessage(issue: z.core.$ZodIssueInvalidKey, path: JsonPath): Words {
  const first = issue.issues[0]
  return {
    message: `expected ${first ? expectation(first) : 'another key'} as the key, ${found(path.at(-1))}`,
  }
}

// A value whose outer shape fits one branch only was meant for that branch: its errors say more. Of several, it is the one
// with the fewest errors.
function meantBranch(issue: z.core.$ZodIssueInvalidUnion): z.core.$ZodIssue[] | undefined {
  const fitting = issue.errors.filter(errors => errors.every(isInside))
  const [best, second] = fitting.toSorted((left, right) => countErrors(left) - countErrors(right))
  if (best === undefined || best.length === 0) return undefined
  return second === undefined || countErrors(best) < countErrors(second) ? best : undefined
}

function countErrors(issues: readonly z.core.$ZodIssue[]): number {
  return issues.reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' ? issue.keys.length : 1), 0)
}

function isInside({ code, path }: z.core.$ZodIssue): boolean {
  return path.length > 0 || code === 'unrecognized_keys'
}

// Where an object belongs, something else is no slip of the pen: the file may be another one, with secrets in it.
function isOfOtherForm(issue: z.core.$ZodIssue): boolean {
  return issue.code === 'invalid_type' && (issue.expected === 'object' || issue.expected === 'record')
}

function foundKind(input: unknown): string {
  if (typeof input === 'string') return 'found a text'
  return Array.isArray(input) && JSON.stringify(input).includes('"') ? 'found a list' : found(input)
}

function found(input: unknown): string {
  if (input === undefined) return 'but it is missing'
  const text = JSON.stringify(input)
  return `found ${text.length > 80 ? `${text.slice(0, 77)}…` : text}`
}

function toJsonPath(path: readonly PropertyKey[]): (string | number)[] {
  return path.map(part => (typeof part === 'number' ? part : String(part)))
}

type Issue = z.core.$ZodIssue
type Bound = z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig

/** What a schema expected, as a noun phrase that stands after the word "expected". */
function expectation(issue: Issue): string {
  // Schemas bring noun phrases of their own as messages; what is left to say are those of Zod itself.
  return isOwnWording(issue) ? issue.message : toPhrase(issue)
}

const zodWording = /^(?:Invalid |Too small|Too big|Unrecognized )/

function isOwnWording({ code, message }: Issue): boolean {
  return code !== 'invalid_union' && code !== 'invalid_type' && !zodWording.test(message)
}

function toPhrase(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return typeNames[issue.expected] ?? `a value of the type ${issue.expected}`
    case 'invalid_value':
      return issue.values.length === 1
        ? JSON.stringify(issue.values[0])
        : `one of ${issue.values.map(value => JSON.stringify(value)).join(', ')}`
    case 'too_small':
    case 'too_big':
      return toBound(issue)
    case 'not_multiple_of':
      return `a multiple of ${issue.divisor}`
    case 'invalid_format':
      return toFormat(issue)
    case 'invalid_union':
      return joinBranches(issue)
    default:
      return 'another value'
  }
}

function joinBranches({ errors }: z.core.$ZodIssueInvalidUnion): string {
  const phrases = new Set(errors.flatMap(branch => branch.slice(0, 1).map(expectation)))
  return phrases.size === 0 ? 'another value' : [...phrases].join(', or ')
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'an object',
  record: 'an object',
  null: 'null',
  never: 'nothing',
}

/** What is counted of a value, and what it is called when it has to have some. */
const countables: Readonly<Record<string, { noun: string; one: string; many: string }>> = {
  string: { noun: 'a text', one: 'character', many: 'characters' },
  array: { noun: 'a list', one: 'item', many: 'items' },
  object: { noun: 'an object', one: 'key', many: 'keys' },
}

function toBound(issue: Bound): string {
  const limit = issue.code === 'too_small' ? issue.minimum : issue.maximum
  const counted = countables[issue.origin]
  if (counted === undefined) return `a number ${compare(issue)} ${limit}`
  if (issue.code === 'too_small' && Number(limit) === 1 && !issue.exact)
    return `${counted.noun} that is not empty`
  const unit = Number(limit) === 1 ? counted.one : counted.many
  return `${counted.noun} ${issue.exact ? 'of exactly' : compare(issue)} ${limit} ${unit}`
}

function compare({ code, inclusive }: Bound): string {
  if (code === 'too_small') return inclusive === false ? 'above' : 'of at least'
  return inclusive === false ? 'below' : 'of at most'
}

function toFormat(issue: z.core.$ZodIssueInvalidStringFormat): string {
  const { format, pattern } = issue
  if (format === 'starts_with' && 'prefix' in issue)
    return `a text that begins with ${JSON.stringify(issue.prefix)}`
  if (format === 'ends_with' && 'suffix' in issue)
    return `a text that ends with ${JSON.stringify(issue.suffix)}`
  if (format === 'includes' && 'includes' in issue)
    return `a text with ${JSON.stringify(issue.includes)} in it`
  if (format === 'regex') return `a text that matches ${pattern}`
  return formatNames[format] ?? `a text of the form ${format}`
}

const formatNames: Readonly<Record<string, string>> = {
  url: 'an address like https://example.com',
  email: 'an address like ada@example.com',
  date: 'a day like 2026-07-02',
  datetime: 'a time like 2026-11-23T08:42:55.000Z',
}
