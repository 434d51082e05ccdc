import {
  type CatalogTool,
  type KnownThings,
  loadCatalog,
  toFrameworkEntry,
  toToolEntry,
} from '../catalog/catalog.ts'
import { type CatalogMatch, findOwnRef, indexCatalog } from '../catalog/find-in-catalog.ts'
import { detectInHome } from '../detection/detect.ts'
import type { ProgramFinder } from '../detection/probe.ts'
import { createProgramFinder } from '../detection/programs/program-finder.ts'
import { findCredential } from '../detection/services/credentials.ts'
import type { Host } from '../platform/host.ts'
import { indexEntryNames } from '../registry/entry-names.ts'
import type { RegistryHome } from '../registry/home/directories.ts'
import { loadSnapshot } from '../registry/load/load-snapshot.ts'
import { type Ref, toRef } from '../registry/refs.ts'
import type { MlFramework } from '../registry/schema/ml-framework.ts'
import type { Provider } from '../registry/schema/provider.ts'
import type { Tool } from '../registry/schema/tool.ts'
import type { Snapshot } from '../registry/snapshot.ts'
import { explainAmbiguousName, explainUnknownName } from '../registry/unknown-name.ts'

/** A thing of the catalog as an entry. */
type KnownAddition =
  | { readonly registry: 'tools'; readonly id: string; readonly entry: Tool }
  | { readonly registry: 'ml_frameworks'; readonly id: string; readonly entry: MlFramework }
  | { readonly registry: 'providers'; readonly id: string; readonly entry: Provider }

interface FoundAdditions {
  readonly additions: readonly KnownAddition[]
  /** Refs of what the registries have already. */
  readonly present: readonly string[]
}

/** The known things that names mean, as entries. Throws a NexusError('usage') for a name that the catalog does not know. */
export async function findAdditions(
  names: readonly string[],
  home: RegistryHome,
  host: Host,
): Promise<FoundAdditions> {
  const snapshot = await loadSnapshot(home.directory, host)
  const own = indexEntryNames(snapshot.registries)
  const catalog = indexCatalog(await loadCatalog(host))
  const programs = createProgramFinder(host)
  const additions: KnownAddition[] = []
  const present: string[] = []
  for (const name of names) {
    const match = own.find(name)
    if (match.kind === 'ambiguous') throw explainAmbiguousName(name, match.refs)
    const known = catalog.find(name)
    if (match.kind === 'unknown' && known === undefined) {
      throw explainUnknownName(name, catalog.names, snapshot, 'List what is here: nexus-registry discover')
    }
    const ref = match.kind === 'entry' ? match.entry.ref : known && findOwnRef(known, snapshot)
    if (ref !== undefined) present.push(ref)
    else if (known) additions.push(await toAddition(known, programs))
  }
  return { additions, present }
}

async function toAddition(match: CatalogMatch, programs: ProgramFinder): Promise<KnownAddition> {
  const { id } = match
  if (match.kind === 'provider') return { registry: 'providers', id, entry: match.provider }
  if (match.kind === 'framework') {
    return { registry: 'ml_frameworks', id, entry: toFrameworkEntry(id, match.framework) }
  }
  const here = await findExecutable(match.tool, programs)
  return { registry: 'tools', id, entry: toToolEntry(id, match.tool, here?.command) }
}

interface Executable {
  readonly command: string
  readonly path: string
}

/** The first executable of a tool that is on PATH. */
async function findExecutable(
  { commands }: CatalogTool,
  programs: ProgramFinder,
): Promise<Executable | undefined> {
  for (const command of commands) {
    const { result } = await programs.find(command)
    if (result?.kind === 'found') return { command, path: result.path }
  }
  return undefined
}

/** Something known that is here, and that no registry has. */
export interface Discovery {
  readonly ref: Ref
  readonly name: string
  readonly category: string | null
  /** The executable of a tool, or the variable with the key of a provider. */
  readonly by: string
  /** Of the executable. */
  readonly path: string | null
  /** Only with versions. */
  readonly version?: string | null
  readonly addition: KnownAddition
}

interface DiscoverRequest {
  readonly home: RegistryHome
  /** Whether the version commands are run; else no process is started. */
  readonly hasVersions: boolean
  readonly timeoutMs?: number | undefined
}

/** Finds known tools on PATH, and known providers whose key is set, that no registry has. */
export async function discover(request: DiscoverRequest, host: Host): Promise<Discovery[]> {
  const [snapshot, catalog] = await Promise.all([
    loadSnapshot(request.home.directory, host),
    loadCatalog(host),
  ])
  const found = [
    ...(await discoverTools(catalog, snapshot, host)),
    ...(await discoverProviders(catalog, snapshot, host)),
  ]
  return request.hasVersions ? addVersions(found, snapshot, request, host) : found
}

async function discoverTools({ tools }: KnownThings, snapshot: Snapshot, host: Host): Promise<Discovery[]> {
  const programs = createProgramFinder(host)
  const found: Discovery[] = []
  for (const [id, tool] of tools) {
    if (findOwnRef({ kind: 'tool', id, tool, command: undefined }, snapshot) !== undefined) continue
    const here = await findExecutable(tool, programs)
    if (here === undefined) continue
    const entry = toToolEntry(id, tool, here.command)
    const addition = { registry: 'tools', id, entry } as const
    const { name, category = null } = tool
    found.push({ ref: toRef('tools', id), name, category, by: here.command, path: here.path, addition })
  }
  return found
}

async function discoverProviders(
  { providers }: KnownThings,
  snapshot: Snapshot,
  host: Host,
): Promise<Discovery[]> {
  const found = [...providers].map(async ([id, provider]): Promise<Discovery[]> => {
    if (findOwnRef({ kind: 'provider', id, provider }, snapshot) !== undefined) return []
    const credential = await findCredential(provider, host)
    if (credential.status !== 'configured' || credential.variable === null) return []
    const addition = { registry: 'providers', id, entry: provider } as const
    const name = provider.display_name ?? id
    const ref = toRef('providers', id)
    return [{ ref, name, category: null, by: credential.variable, path: null, addition }]
  })
  return (await Promise.all(found)).flat()
}

async function addVersions(
  found: readonly Discovery[],
  { registries }: Snapshot,
  { home, timeoutMs }: DiscoverRequest,
  host: Host,
): Promise<Discovery[]> {
  const entries = found.flatMap(({ addition }) => (addition.registry === 'tools' ? [addition] : []))
  const options = { home, registries, timeoutMs, entries, isForced: false, mode: 'normal' } as const
  const { detections } = await detectInHome(options, host)
  return found.map(each => ({ ...each, version: detections.get(each.ref)?.version ?? null }))
}
