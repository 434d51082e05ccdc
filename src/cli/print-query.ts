import { toColorLevel } from '../lib/terminal/style.ts'
import { toVisible } from '../lib/text/visible.ts'
import type { Host } from '../platform/host.ts'
import type { DetectionAge } from '../query/query.ts'
import { describeCopy, type LoadedRegistry } from '../registry/snapshot.ts'
import type { CommandContext } from './command-context.ts'
import type { QueryOptions } from './query-options.ts'

/** Whether jq colors its output: on a terminal, unless an option or the environment says otherwise. */
export function wantsColors(
  { colorOutput, monochromeOutput }: QueryOptions,
  { host: { stdout, env }, globals }: Pick<CommandContext, 'host' | 'globals'>,
): boolean {
  if (colorOutput || monochromeOutput) return colorOutput === true
  // FORCE_COLOR alone must not put escapes into a file of JSON.
  return stdout.isTerminal && toColorLevel({ stream: stdout, env, color: globals.color }) > 0
}

export interface FilterPrinter {
  /** Writes a chunk at once; false when the reader has closed the pipe. */
  readonly print: (bytes: Uint8Array) => boolean
  /** Writes what was held back for the next chunk. */
  readonly end: () => void
}

/**
 * Prints the output of jq: unchanged, or on a terminal with control characters escaped. jq blocks the thread, so each
 * chunk is written synchronously.
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
      // A color sequence may be split between two chunks.
      const [tail = ''] = /\x1b(?:\[[\d;]*)?$/.exec(text) ?? []
      waiting = tail
      return writeNow(toVisibleColored(text.slice(0, text.length - tail.length), colors))
    },
    end: () => {
      if (waiting !== '') writeNow(toVisible(waiting))
    },
  }
}

/** Default colors of jq 1.6 to 1.8, and its resets. */
const jqColors = ['', '0', '0;39', '0;90', '1;30', '1;39', '0;32', '34;1', '1;34', '1;31']

// With -r, jq prints values of a registry raw. They may contain colors, which are harmless, but no other sequence.
function toColorSequences(jqColorsVariable = ''): ReadonlySet<string> {
  const own = jqColorsVariable.split(':').filter(code => /^[\d;]*$/.test(code))
  return new Set([...jqColors, ...own].map(code => `\x1b[${code}m`))
}

function toVisibleColored(text: string, colors: ReadonlySet<string>): string {
  const parts = text.split(/(\x1b\[[\d;]*m)/)
  return parts.map(part => (colors.has(part) ? part : toVisible(part))).join('')
}

/** Maximum number of diagnostics printed for one registry; `validate` prints all. */
const maxDiagnostics = 5

interface ResultLimits {
  /** Registries with broken parts: these are omitted, or come from a backup. */
  readonly broken: readonly LoadedRegistry[]
  /** Age of the detections, if they are stale. */
  readonly staleAge: DetectionAge | undefined
}

/** Prints to stderr what a result omits, and whether it may be stale. */
export async function noteDetectionAge(
  { broken, staleAge }: ResultLimits,
  { host, note }: CommandContext,
): Promise<void> {
  for (const registry of broken) note(toVisible(describeBroken(registry, host.clock.now())))
  if (staleAge?.ms === undefined)
    return staleAge && note('This machine has not been scanned yet: run nexus-registry sync')
  const { formatAge } = await import('../lib/text/format.ts')
  note(`Detections are stale, from ${formatAge(staleAge.ms)}: run nexus-registry sync`)
}

function describeBroken(registry: LoadedRegistry, now: number): string {
  const { name, diagnostics } = registry
  const copy = describeCopy(registry, now)
  const what = copy === undefined ? describeLeftOut(registry) : `${name} cannot be used: ${copy}`
  const findings = diagnostics
    .slice(0, maxDiagnostics)
    .map(({ file, line, column, message }) => `  ${file}:${line}:${column}: ${message}`)
  const more = diagnostics.length - findings.length
  const rest = more > 0 ? [`  and ${more} more: nexus-registry validate`] : []
  return [what, ...findings, ...rest].join('\n')
}

function describeLeftOut({ name, content, quarantined }: LoadedRegistry): string {
  const refs = quarantined.map(id => `${name}/${id.replace(/^\//, '')}`)
  const part = content === undefined ? `all of ${name}` : `parts of ${name}`
  return `Omitted from the result: ${refs.length > 0 ? refs.join(', ') : part}`
}
