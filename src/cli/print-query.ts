import { toColorLevel } from '../lib/terminal/style.ts'
import { toVisible } from '../lib/text/visible.ts'
import type { Host } from '../platform/host.ts'
import type { DetectionAge } from '../query/query.ts'
import { describeCopy, type LoadedRegistry } from '../registry/snapshot.ts'
import type { CommandContext } from './command-context.ts'
import type { QueryOptions } from './query-options.ts'

/** Whether jq colors what it prints: on a terminal, unless an option or the environment decides otherwise. */
export function wantsColors(
  { colorOutput, monochromeOutput }: QueryOptions,
  { host: { stdout, env }, globals }: Pick<CommandContext, 'host' | 'globals'>,
): boolean {
  if (colorOutput || monochromeOutput) return colorOutput === true
  // FORCE_COLOR alone must not put escapes into a file of JSON.
  return stdout.isTerminal && toColorLevel({ stream: stdout, env, color: globals.color }) > 0
}

export interface FilterPrinter {
  /** Writes a piece at once; false when nobody reads any more. */
  readonly print: (bytes: Uint8Array) => boolean
  /** Writes what waited for the next piece. */
  readonly end: () => void
}

/**
 * Prints what jq prints: byte by byte as it is, and on a terminal with control characters spelled out. While jq runs,
 * nothing else does, so each piece is written at once.
 */
export function createFilterPrinter({
  stdout,
  writeNow,
  env,
}: Pick<Host, 'stdout' | 'writeNow' | 'env'>): FilterPrinter {
  if (!stdout.isTerminal) return { print: writeNow, end: () => undefined }
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  const colors = toColorSequences(env.JQ_COLORS)
  let waiting = ''
  return {
    print: bytes => {
      const text = waiting + decoder.decode(bytes, { stream: true })
      // The beginning of a color may stand at the end of a piece.
      const [tail = ''] = /\x1b(?:\[[\d;]*)?$/.exec(text) ?? []
      waiting = tail
      return writeNow(toVisibleColored(text.slice(0, text.length - tail.length), colors))
    },
    end: () => {
      if (waiting !== '') writeNow(toVisible(waiting))
    },
  }
}

/** The colors that jq has of its own, from 1.6 to 1.8, and those that it resets to. */
const jqColors = ['', '0', '0;39', '0;90', '1;30', '1;39', '0;32', '34;1', '1;34', '1;31']

// Values from a registry are printed raw with -r: they may bring colors, which do no harm, and nothing else.
function toColorSequences(jqColorsVariable = ''): ReadonlySet<string> {
  const own = jqColorsVariable.split(':').filter(code => /^[\d;]*$/.test(code))
  return new Set([...jqColors, ...own].map(code => `\x1b[${code}m`))
}

function toVisibleColored(text: string, colors: ReadonlySet<string>): string {
  const parts = text.split(/(\x1b\[[\d;]*m)/)
  return parts.map(part => (colors.has(part) ? part : toVisible(part))).join('')
}

/** Most findings that are told of one registry: `validate` tells them all. */
const reportedFindings = 5

interface AgeNote {
  /** Registries of which something is broken, and left out of an answer or taken from a copy. */
  readonly broken: readonly LoadedRegistry[]
  /** How old the detections are that it rests on, where they are too old. */
  readonly staleAge: DetectionAge | undefined
}

/** Says on stderr what an answer leaves out, and that it may be out of date. */
export async function noteDetectionAge(
  { broken, staleAge }: AgeNote,
  { host, note }: CommandContext,
): Promise<void> {
  for (const registry of broken) note(toVisible(describeBroken(registry, host.clock.now())))
  if (staleAge?.ms === undefined)
    return staleAge && note('Nothing was looked for here yet: nexus-registry sync does')
  const { formatAge } = await import('../lib/text/format.ts')
  note(`What is here was looked up ${formatAge(staleAge.ms)}: nexus-registry sync looks again`)
}

function describeBroken(registry: LoadedRegistry, now: number): string {
  const { name, diagnostics } = registry
  const copy = describeCopy(registry, now)
  const what = copy === undefined ? describeLeftOut(registry) : `${name} cannot be used: ${copy}`
  const findings = diagnostics
    .slice(0, reportedFindings)
    .map(({ file, line, column, message }) => `  ${file}:${line}:${column}: ${message}`)
  const more = diagnostics.length - findings.length
  const rest = more > 0 ? [`  and ${more} more: nexus-registry validate`] : []
  return [what, ...findings, ...rest].join('\n')
}

function describeLeftOut({ name, content, quarantined }: LoadedRegistry): string {
  const refs = quarantined.map(id => `${name}/${id.replace(/^\//, '')}`)
  const part = content === undefined ? `all of ${name}` : `a part of ${name}`
  return `Left out of the answer: ${refs.length > 0 ? refs.join(', ') : part}`
}
