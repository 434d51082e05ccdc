import type { Host } from '../../core/host.ts'
import { type Ref, toRef } from '../../core/refs.ts'
import { type LoadHost, loadRegistry } from '../../store/load-registry.ts'
import type { TrustHashes } from '../../store/trust.ts'
import { detectablesOf } from '../detect/detectables.ts'
import { type Detectable, isFromUpstream } from '../detect/plan-target.ts'
import { loadShippedCommands } from '../detect/shipped-commands.ts'

/** A command or import of an entry that the program does not ship word for word. */
export interface OwnCommand {
  readonly ref: Ref
  readonly field: 'detection' | 'version_check' | 'import_name'
  readonly command: string
}

/** What a home would run if it were trusted. */
export interface HomeReview {
  readonly commands: readonly OwnCommand[]
  /** Of the very bytes that were reviewed. */
  readonly hashes: TrustHashes
}

/** Reads what there is to trust in a home. Broken entries run nothing, and are not listed. */
export async function reviewHome(
  directory: string,
  host: LoadHost & Pick<Host, 'programRoot'>,
): Promise<HomeReview> {
  const [tools, ml_frameworks, isShipped] = await Promise.all([
    loadRegistry('tools', directory, host),
    loadRegistry('ml_frameworks', directory, host),
    loadShippedCommands(host),
  ])
  const own = detectablesOf({ registries: { tools, ml_frameworks } }).filter(
    entry => !isShipped(entry) && !isFromUpstream(entry),
  )
  return {
    commands: own.flatMap(commandsOf),
    hashes: { tools: tools.sha256, ml_frameworks: ml_frameworks.sha256 },
  }
}

function commandsOf(detectable: Detectable): OwnCommand[] {
  const { registry, id, entry } = detectable
  const ref = toRef(registry, id)
  const imported = registry === 'ml_frameworks' ? detectable.entry.import_name : undefined
  const found = [
    { ref, field: 'detection', command: entry.detection },
    { ref, field: 'version_check', command: entry.version_check },
    { ref, field: 'import_name', command: imported && `import ${imported}` },
  ] as const
  return found.flatMap(({ command, ...rest }) => (command === undefined ? [] : [{ ...rest, command }]))
}
