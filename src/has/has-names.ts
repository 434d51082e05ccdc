import { NexusError } from '../lib/errors.ts'
import { isRange } from '../lib/version/versions.ts'

/** A name as it was typed, and a range that stands in an argument of its own. */
export interface HasName {
  readonly text: string
  readonly range: string | undefined
}

/**
 * Reads the arguments of `has`. An argument that begins with an operator is the range of the name before it; so is a
 * second argument that begins with a digit and is a range. Throws a NexusError('usage').
 */
export async function parseHasNames(args: readonly string[]): Promise<HasName[]> {
  const names: HasName[] = []
  for (const [index, text] of args.entries()) {
    const last = names.at(-1)
    const isOldForm = index === 1 && /^\d/.test(text) && (await isRange(text))
    if (!isOldForm && !startsWithOperator(text)) {
      names.push({ text, range: undefined })
      continue
    }
    if (last === undefined || last.range !== undefined) {
      const hint = 'Write it after its name, for example nodejs@20 or "nodejs>=20"'
      throw new NexusError('usage', `the range ${JSON.stringify(text)} belongs to no name`, { hint })
    }
    names[names.length - 1] = { text: last.text, range: text }
  }
  return names
}

// No id has one of these characters.
function startsWithOperator(text: string): boolean {
  return /^\s*[<>=^~*|]/.test(text)
}

/**
 * The name and the range of `NAME@RANGE` or `NAME>=1`: the text up to the first operator, else up to its last `@`.
 * Undefined when the text has no range. An `@` at the start belongs to the name, as in `@scope/package`.
 */
export function splitRange(text: string): { readonly name: string; readonly range: string } | undefined {
  const operator = text.search(/[<>=^~*]/)
  if (operator > 0) {
    const before = text.slice(0, operator).trimEnd()
    const name = before.endsWith('@') ? before.slice(0, -1).trimEnd() : before
    return name === '' ? undefined : { name, range: text.slice(operator).trim() }
  }
  const at = text.lastIndexOf('@')
  return at < 1 ? undefined : { name: text.slice(0, at), range: text.slice(at + 1).trim() }
}

/** The error of a range that is none. */
export async function whyNoRange(range: string): Promise<NexusError | undefined> {
  if (range !== '' && (await isRange(range))) return undefined
  const hint = 'Examples of ranges: >=1.2, ^2.0.0 or "1.x || >=2.5"'
  return new NexusError('usage', `${JSON.stringify(range)} is not a version range`, { hint })
}
