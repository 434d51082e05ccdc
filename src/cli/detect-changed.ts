import { errorMessage, NexusError } from '../lib/errors.ts'
import { toVisibleLine } from '../lib/text/visible.ts'
import type { CommandContext } from './command-context.ts'
import { defaultSyncOptions, isPlain } from './options.ts'

/** What was found out about an entry after a change, for people and for `--json`. */
export interface DetectedEntry {
  readonly ref: string
  readonly text: string
  readonly data: object
}

/** Detects these entries after a change of them, and exports what was found. The change is made: an error is a warning. */
export async function detectChanged(
  refs: readonly string[],
  context: CommandContext,
): Promise<DetectedEntry[]> {
  const isExported = (ref: string) => /^(?:tools|ml_frameworks|providers)\//.test(ref)
  return refs.some(isExported) ? tryToDetect(() => detect(refs, context), context) : []
}

async function detect(refs: readonly string[], context: CommandContext): Promise<DetectedEntry[]> {
  const { detectEntries } = await import('../sync/detect-entries.ts')
  const options = { ...defaultSyncOptions(context), isPlain: isPlain(context) }
  const found = await detectEntries(await context.home(), refs, options, context.host)
  return [...found].map(([ref, { status, version, path, reason }]) => {
    const facts = [version, path].filter(fact => fact !== null).join(', ')
    const why = reason === null ? '' : `: ${reason}`
    const text = `${ref} is ${status}${facts === '' ? '' : ` (${facts})`}${why}`
    return { ref, text, data: { status, version, path, reason } }
  })
}

/** Runs a detection after a change. Prints an error as a warning, and then finds nothing. */
export async function tryToDetect(
  run: () => Promise<DetectedEntry[]>,
  { note, noteStyle }: CommandContext,
): Promise<DetectedEntry[]> {
  try {
    return await run()
  } catch (error) {
    if (!(error instanceof NexusError) || error.code === 'interrupted') throw error
    const why = toVisibleLine(`not detected yet: ${errorMessage(error)}`)
    note(`${noteStyle.yellow('warning:')} ${why}; nexus-registry sync tries again`)
    return []
  }
}
