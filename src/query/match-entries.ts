import { NexusError } from '../lib/errors.ts'
import { isJsonObject, valueAt } from '../lib/json/json-value.ts'
import { compilePattern } from '../lib/text/pattern.ts'
import { loadVersionOrder, type VersionOrder } from '../lib/version/versions.ts'
import { compareWith, isEqual, isVersionLike } from './compare-values.ts'
import type { Condition, Operand, Operator } from './condition.ts'

export type Match = (entry: unknown) => boolean

type Test = (value: unknown, operand: Operand) => boolean

const equality: readonly Operator[] = ['=', '!=', 'in']

/** All these conditions as one question. Throws a NexusError('usage') for a pattern that is none. */
export async function matchEntries(conditions: readonly Condition[]): Promise<Match> {
  const operands = conditions.flatMap(condition => condition.operands)
  // What orders versions takes longer to load than most queries take, and they name no version.
  const needsVersions = operands.some(({ text, isQuoted }) => !isQuoted && isVersionLike(text))
  const order = needsVersions ? await loadVersionOrder() : () => 0
  const matches = await Promise.all(conditions.map(condition => toMatch(condition, order)))
  return entry => matches.every(match => match(entry))
}

async function toMatch(condition: Condition, order: VersionOrder): Promise<Match> {
  const path = condition.field.split('.')
  const test = await toTest(condition, order)
  const isWanted = condition.operator !== '!='
  return entry => isMet(valueAt(entry, path) ?? null, condition, test) === isWanted
}

// What is missing is only what is written null, and of a list one item is enough.
function isMet(value: unknown, { operator, operands }: Condition, test: Test): boolean {
  if (value === null) {
    return equality.includes(operator) && operands.some(({ text, isQuoted }) => text === 'null' && !isQuoted)
  }
  const values: readonly unknown[] = Array.isArray(value) ? value : [value]
  return operands.some(operand => values.some(item => test(item, operand)))
}

async function toTest({ operator, operands }: Condition, order: VersionOrder): Promise<Test> {
  const isOrdered = (fits: (difference: number) => boolean): Test => {
    return (value, operand) => fits(compareWith(value, operand, order) ?? Number.NaN)
  }
  const isSame: Test = (value, operand) => isEqual(value, operand, order)
  const tests: Readonly<Record<Operator, () => Test | Promise<Test>>> = {
    '=': () => isSame,
    '!=': () => isSame,
    in: () => isSame,
    '<': () => isOrdered(difference => difference < 0),
    '<=': () => isOrdered(difference => difference <= 0),
    '>': () => isOrdered(difference => difference > 0),
    '>=': () => isOrdered(difference => difference >= 0),
    '~': () => toPatternTest(operands[0]?.text ?? ''),
    contains: () => (value, operand) => isSame(value, operand) || isWithin(value, operand.text),
  }
  return tests[operator]()
}

async function toPatternTest(source: string): Promise<Test> {
  const alone = await compilePattern(source)
  // As a group of its own it tells what matched even where a group inside it did not.
  const compiled = alone.ok ? await compilePattern(`(${source})`) : alone
  if (compiled.ok) return value => compiled.pattern.find(toText(value)) !== undefined
  const message = `--where: ${JSON.stringify(source)} is no pattern: ${compiled.message}`
  const hint = 'Patterns are those of RE2, without backreferences and look-around'
  throw new NexusError('usage', message, { hint })
}

/** In a text: a part of it. In an object: one of its keys. */
function isWithin(value: unknown, text: string): boolean {
  if (typeof value === 'string') return value.includes(text)
  return isJsonObject(value) && Object.hasOwn(value, text)
}

function toText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
