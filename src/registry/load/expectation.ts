import type * as z from 'zod'

type Issue = z.core.$ZodIssue
type Bound = z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig

/** What a schema expected, as a noun phrase that stands after the word "expected". */
export function expectation(issue: Issue): string {
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
  datetime: 'a moment like 2026-11-23T08:42:55.000Z',
}
