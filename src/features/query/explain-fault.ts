import { NexusError } from '../../core/errors.ts'
import { suggest } from '../../core/nearest.ts'
import { registryNames } from '../../schema/names.ts'
import { splitTokens } from './split-tokens.ts'

/** Runs another filter as the first one was run, and answers with what jq says on stderr. */
type Ask = (filter: string) => Promise<string>

const fault = /^jq: error: ([\s\S]*?) at <top-level>, line (\d+):/m
const shownCharacters = 60

/** What is wrong with a filter that jq did not take, with the place in it. */
export async function explainFault(filter: string, stderr: string, ask: Ask): Promise<NexusError> {
  const [, message = ''] = fault.exec(stderr) ?? []
  if (message === '') return new NexusError('usage', toPlain(stderr), { hint: toHint('') })
  const what = message.replace(/ \((?:Unix|Windows) .*\)$/, '')
  const isCutShort = what.includes('unexpected end of file')
  const place = isCutShort ? filter.trimEnd().length : await findPlace(filter, ask)
  const shown = place === undefined ? '' : `\n${showPlace(filter, place)}`
  return new NexusError('usage', `the filter does not parse: ${what}${shown}`, { hint: toHint(what) })
}

/**
 * Where the fault is, as an index. jq tells the line and not the column: with every word on a line of its own, the line
 * is the word.
 */
async function findPlace(filter: string, ask: Ask): Promise<number | undefined> {
  const starts = splitTokens(filter)
  const words = starts.map((start, index) => filter.slice(start, starts[index + 1]).trimEnd())
  // A word of several lines, a string, and a comment behind it, would shift the rest.
  const lines = words.map(word => word.split('\n').length)
  const [, , line] = fault.exec(await ask(words.join('\n'))) ?? []
  if (line === undefined) return undefined
  let passed = 0
  for (const [index, count] of lines.entries()) {
    passed += count
    if (Number(line) <= passed) return starts[index]
  }
  return filter.trimEnd().length
}

/** The line of a place and a mark below it; of a long line what is around it. */
function showPlace(filter: string, place: number): string {
  const start = filter.lastIndexOf('\n', place - 1) + 1
  const line = filter.slice(start).split('\n')[0]?.replaceAll('\t', ' ') ?? ''
  const column = place - start
  const from = Math.max(0, column - shownCharacters / 2)
  const number = filter.slice(0, start).split('\n').length
  const prefix = filter.includes('\n') ? `${number} │ ` : ''
  const part = `${from > 0 ? '…' : ''}${line.slice(from, from + shownCharacters)}${line.length > from + shownCharacters ? '…' : ''}`
  return `  ${prefix}${part}\n  ${' '.repeat(prefix.length + (from > 0 ? 1 : 0) + column - from)}^`
}

function toHint(what: string): string {
  const name = /^(\w+)\/0 is not defined$/.exec(what)?.[1]
  if (name === undefined)
    return 'A filter is what jq understands, in single quotes: https://jqlang.org/manual'
  const meant = suggest(name, [...registryNames, 'all'])
  return meant ?? `Fields begin with a dot: .${name}`
}

// How many faults it counted, and where its own command line is explained.
const besides = /^(?:jq: \d+ compile errors?|Use jq --help .*|or see the jq manpage.*|)$/

/** What jq says of a fault, without its name in front. */
export function toPlain(stderr: string): string {
  const lines = stderr.split('\n').filter(line => !besides.test(line))
  return lines.map(line => line.replace(/^jq: (?:error(?: \(at [^)]*\))?: )?/, '')).join('\n')
}
