import { type CatalogHost, listCatalogEntries, loadCatalog } from '../catalog/catalog.ts'
import { isJsonObject } from '../lib/json/json-value.ts'
import { limits } from '../lib/limits.ts'
import { type Detection, parseCommandLine, parseDetection } from '../lib/shell/command-line.ts'
import { type Ref, toRef } from '../registry/refs.ts'
import type { MlFramework } from '../registry/schema/ml-framework.ts'
import { detectedRegistryNames, registryFiles, type SubRegistryName } from '../registry/schema/names.ts'
import type { Tool } from '../registry/schema/tool.ts'
import { entriesOf, type Snapshot } from '../registry/snapshot.ts'
import { type Finding, type ProbeTarget, type PythonModule, toBareFinding } from './probe.ts'

/** Valid entries that can be detected on the machine, tools first. */
export function detectablesOf(
  snapshot: { readonly registries: Pick<Snapshot['registries'], 'tools' | 'ml_frameworks'> },
  only: readonly SubRegistryName[] = detectedRegistryNames,
): Detectable[] {
  const tools = Object.entries(only.includes('tools') ? entriesOf(snapshot, 'tools') : {})
  const frameworks = Object.entries(
    only.includes('ml_frameworks') ? entriesOf(snapshot, 'ml_frameworks') : {},
  )
  return [
    ...tools.map(([id, entry]) => ({ registry: 'tools', id, entry }) as const),
    ...frameworks.map(([id, entry]) => ({ registry: 'ml_frameworks', id, entry }) as const),
  ]
}

/** An entry that can be detected, and the ref it has. */
export type Detectable =
  | { readonly registry: 'tools'; readonly id: string; readonly entry: Tool }
  | { readonly registry: 'ml_frameworks'; readonly id: string; readonly entry: MlFramework }

/** Whether an entry came over the network: it is data, and nobody has reviewed its commands. */
export function isFromUpstream({ entry }: Detectable): boolean {
  return entry['x-upstream'] !== undefined
}

interface PlanOptions {
  /** Whether the entry's own commands and imports may be executed. */
  readonly isTrusted: boolean
  /** Deadline for entries that name none, in milliseconds. */
  readonly timeoutMs: number | undefined
}

/** A target to detect, or the finding when it cannot be detected. */
export type Plan =
  | { readonly ref: Ref; readonly target: ProbeTarget }
  | { readonly ref: Ref; readonly target: undefined; readonly finding: Finding }

/** Plans the detection of an entry. A command that is not plain is not run: the finding has the reason. */
export function planTarget(detectable: Detectable, options: PlanOptions): Plan {
  const { registry, id, entry } = detectable
  const ref = toRef(registry, id)
  const parsed = parseDetection(entry.detection)
  if (!parsed.ok) return { ref, target: undefined, finding: refuse('detection', parsed.message) }
  const { detection } = parsed
  const versionCheck = entry.version_check === undefined ? undefined : parseCommandLine(entry.version_check)
  if (versionCheck?.ok === false) {
    return { ref, target: undefined, finding: refuse('version_check', versionCheck.message) }
  }
  const target: ProbeTarget = {
    ref,
    id,
    kind: entry.probe ?? detection.kind,
    program: detection.kind === 'path' ? detection.program : undefined,
    command: detection.kind === 'command' ? detection.argv : undefined,
    module: toModule(detectable, detection),
    versionCheck: versionCheck?.argv,
    versionPattern: entry.version_pattern,
    timeoutMs: entry.timeout_ms ?? options.timeoutMs ?? limits.probeTimeoutMs,
    isTrusted: options.isTrusted,
    isFromUpstream: isFromUpstream(detectable),
  }
  return { ref, target }
}

function toModule(detectable: Detectable, detection: Detection): PythonModule | undefined {
  if (detectable.registry === 'ml_frameworks') {
    return { name: detectable.entry.import_name, distributions: detectable.entry.distribution ?? [] }
  }
  return detection.kind === 'python' ? { name: detection.module, distributions: [] } : undefined
}

function refuse(field: string, message: string): Finding {
  return toBareFinding('unknown', `Its ${field} is not a plain command: ${message}`)
}

/** Says whether everything that an entry would execute is what the program itself ships. */
type IsShipped = (detectable: Detectable) => boolean

/**
 * Reads the shipped registries and the catalog for the commands and modules in them. These may still be executed for an
 * entry of a home that is not trusted, word for word.
 */
export async function loadShippedCommands(host: CatalogHost): Promise<IsShipped> {
  const [catalog, ...texts] = await Promise.all([
    loadCatalog(host),
    ...[registryFiles.tools, registryFiles.ml_frameworks].map(file =>
      host.fs.readText(host.path.join(host.programRoot, 'registries', file)),
    ),
  ])
  const known = listCatalogEntries(catalog).flatMap(({ entry }) => commandsIn(entry))
  const commands = new Set([...texts.flatMap(text => commandsOf(text ?? '{}')), ...known])
  return ({ entry }) => commandsIn(entry).every(command => commands.has(command))
}

function commandsOf(text: string): string[] {
  const document: unknown = JSON.parse(text)
  return isJsonObject(document) ? Object.values(document).flatMap(commandsIn) : []
}

// A kind of text each, so that a module's name is never taken for a command.
function commandsIn(entry: unknown): string[] {
  if (!isJsonObject(entry)) return []
  return ['detection', 'version_check', 'import_name'].flatMap(field => {
    const value = entry[field]
    return typeof value === 'string' ? [`${field} ${value}`] : []
  })
}
