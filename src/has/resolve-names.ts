import { loadCatalog, toFrameworkEntry, toToolEntry } from '../catalog/catalog.ts'
import { type CatalogMatch, type CatalogNames, findOwnRef, indexCatalog } from '../catalog/find-in-catalog.ts'
import type { Detectable } from '../detection/detectables.ts'
import { createProgramFinder } from '../detection/programs/program-finder.ts'
import { NexusError } from '../lib/errors.ts'
import { toShellWord } from '../lib/shell/quote.ts'
import type { Host } from '../platform/host.ts'
import { type EntryNames, indexEntryNames, type NamedEntry } from '../registry/entry-names.ts'
import { loadSnapshot } from '../registry/load/load-snapshot.ts'
import { withLocalModels, withRequestedModel } from '../registry/local-models.ts'
import { parseRef, type Ref, toRef } from '../registry/refs.ts'
import type { SubRegistryName } from '../registry/schema/names.ts'
import { entriesOf, type Snapshot } from '../registry/snapshot.ts'
import { explainAmbiguousName, explainUnknownName } from '../registry/unknown-name.ts'
import { type HasName, splitRange, whyNoRange } from './has-names.ts'
import { type DetectableRegistries, type HasRequest, type HasTarget, toEntryTarget } from './has-target.ts'

interface ResolvedNames {
  /** One for each name. */
  readonly targets: readonly HasTarget[]
  readonly snapshot: Snapshot
}

/** What names mean: entries of any registry by any of their names, then the catalog. `quick` has what is known already. */
export async function resolveHasNames(
  names: readonly HasName[],
  quick: readonly (HasTarget | undefined)[],
  known: DetectableRegistries,
  { home }: Pick<HasRequest, 'home'>,
  host: Host,
): Promise<ResolvedNames> {
  const loaded = await loadSnapshot(home.directory, host)
  const { snapshot, own } = withModelsOf(names, {
    ...loaded,
    registries: { ...loaded.registries, ...known },
  })
  let catalog: Promise<CatalogNames> | undefined
  const search: NameSearch = {
    snapshot,
    own,
    // Only a name that no registry has needs the catalog.
    loadCatalogNames: () => {
      catalog ??= loadCatalog(host).then(indexCatalog)
      return catalog
    },
  }
  const targets: HasTarget[] = []
  let unknown = 0
  for (const [index, name] of names.entries()) {
    const target = quick[index] ?? (await findTarget(name, search))
    if (target !== undefined) targets.push(target)
    else {
      unknown += 1
      const error = await explain(name.text, { ...search, hasGuess: unknown <= mostGuesses }, host)
      targets.push({ kind: 'failure', name: name.text, range: undefined, error })
    }
  }
  return { targets, snapshot }
}

/** The snapshot with the models of local runtimes, those that are there and those that the names mean, and its names. */
function withModelsOf(
  names: readonly HasName[],
  files: Snapshot,
): { readonly snapshot: Snapshot; readonly own: EntryNames } {
  const shown = withLocalModels(files)
  const own = indexEntryNames(shown.registries)
  const unknown = names.filter(({ text }) => text.includes('/') && own.find(text).kind === 'unknown')
  const snapshot = unknown.reduce(
    (all, { text }) => withRequestedModel(splitRange(text)?.name ?? text, all),
    shown,
  )
  return { snapshot, own: snapshot === shown ? own : indexEntryNames(snapshot.registries) }
}

/** Comparing a misspelt name with all others takes a millisecond: of thousands, only the first get a guess. */
const mostGuesses = 20

interface NameSearch {
  readonly snapshot: Snapshot
  readonly own: EntryNames
  readonly loadCatalogNames: () => Promise<CatalogNames>
}

/** What the text means as a whole, else what it means without the range behind it; undefined when nothing. */
async function findTarget({ text, range }: HasName, search: NameSearch): Promise<HasTarget | undefined> {
  const split = range === undefined ? splitRange(text) : undefined
  const candidates = [{ name: text, range }, ...(split ? [split] : [])]
  for (const find of [findOwn, findKnown]) {
    for (const candidate of candidates) {
      const target = await find(candidate, search)
      if (target) return (await refuseRange(candidate, target)) ?? target
    }
  }
  return undefined
}

type Candidate = Pick<HasTarget, 'name' | 'range'>

async function findOwn(candidate: Candidate, { own, snapshot }: NameSearch): Promise<HasTarget | undefined> {
  const match = own.find(candidate.name)
  if (match.kind === 'unknown') return undefined
  if (match.kind === 'ambiguous')
    return toFailure(candidate, explainAmbiguousName(candidate.name, match.refs))
  return toTarget(match.entry, candidate, snapshot)
}

async function toTarget(
  { registry, id, ref }: NamedEntry,
  candidate: Candidate,
  snapshot: Snapshot,
): Promise<HasTarget> {
  const { quarantined, path } = snapshot.registries[registry]
  if (quarantined.includes(id)) return toFailure(candidate, toUnreadable(id, path))
  if (registry === 'tools' || registry === 'ml_frameworks') {
    const detectable = detectableAt(registry, id, snapshot)
    if (detectable) return toEntryTarget(detectable, candidate)
  }
  const entry = entriesOf(snapshot, registry)[id]
  const version = entry && 'version' in entry && typeof entry.version === 'string' ? entry.version : undefined
  return { ...candidate, kind: 'other', ref, version }
}

function detectableAt(
  registry: Detectable['registry'],
  id: string,
  snapshot: Snapshot,
): Detectable | undefined {
  if (registry === 'tools') {
    const entry = entriesOf(snapshot, registry)[id]
    return entry && { registry, id, entry }
  }
  const entry = entriesOf(snapshot, registry)[id]
  return entry && { registry, id, entry }
}

async function findKnown(candidate: Candidate, search: NameSearch): Promise<HasTarget | undefined> {
  const match = (await search.loadCatalogNames()).find(candidate.name)
  // What the registry says of it counts, and that cannot be read.
  if (match === undefined || search.snapshot.registries[registryByKind[match.kind]].content === undefined) {
    return undefined
  }
  const own = findOwnRef(match, search.snapshot)
  return own === undefined ? toCatalogTarget(match, candidate) : findOwn({ ...candidate, name: own }, search)
}

const registryByKind = {
  tool: 'tools',
  framework: 'ml_frameworks',
  provider: 'providers',
} as const satisfies Record<CatalogMatch['kind'], SubRegistryName>

function toCatalogTarget(match: CatalogMatch, candidate: Candidate): HasTarget {
  const notes = [`it is not in the registry: nexus-registry add ${toShellWord(match.id)}`]
  if (match.kind === 'provider') {
    return {
      ...candidate,
      kind: 'provider',
      ref: toRef('providers', match.id),
      provider: match.provider,
      notes,
    }
  }
  if (match.kind === 'framework') {
    const { id, framework } = match
    const entry = toFrameworkEntry(id, framework)
    const detectables = [{ registry: 'ml_frameworks', id, entry }] as const
    return {
      ...candidate,
      kind: 'catalog',
      ref: toRef('ml_frameworks', id),
      detectables,
      noVersion: undefined,
      notes,
    }
  }
  const { id, tool, command } = match
  const toProbed = (program: string) => toProbedTool(id, program, tool)
  const [first, ...others] = command === undefined ? tool.commands : [command]
  const detectables = [toProbed(first ?? id), ...others.map(toProbed)] as const
  return {
    ...candidate,
    kind: 'catalog',
    ref: toRef('tools', id),
    detectables,
    noVersion: tool.noVersion,
    notes,
  }
}

// Each executable is probed by itself. No entry of a registry has an id that begins with `@`.
function toProbedTool(
  id: string,
  program: string,
  tool: Extract<CatalogMatch, { kind: 'tool' }>['tool'],
): Detectable {
  return { registry: 'tools', id: `@${program}`, entry: toToolEntry(id, tool, program) }
}

async function refuseRange({ name, range }: Candidate, target: HasTarget): Promise<HasTarget | undefined> {
  if (range === undefined || target.kind === 'failure') return undefined
  const error = await whyNoRange(range)
  if (error) return toFailure({ name, range }, error)
  if (target.kind === 'provider' || (target.kind === 'other' && target.version === undefined)) {
    const hint = `Leave the range out: nexus-registry has ${toShellWord(target.ref)}`
    const message = `${target.ref} has no version to compare with ${JSON.stringify(range)}`
    return toFailure({ name, range }, new NexusError('usage', message, { hint }))
  }
  return undefined
}

function toFailure({ name, range }: Candidate, error: NexusError): HasTarget {
  return { kind: 'failure', name, range, error }
}

async function explain(
  text: string,
  { snapshot, own, loadCatalogNames, hasGuess }: NameSearch & { readonly hasGuess: boolean },
  host: Host,
): Promise<NexusError> {
  const name = splitRange(text)?.name ?? text
  const { tools, ml_frameworks: frameworks } = snapshot.registries
  const broken = [tools, frameworks].find(({ state }) => state === 'failed')
  if (broken) return toUnreadable(name, broken.path)
  if (!hasGuess) return explainUnknownName(name, [], snapshot, listHint)
  const { names } = await loadCatalogNames()
  const { result } = await createProgramFinder(host).find(name)
  const refs = parseRef(name) === undefined ? [] : listRefs(snapshot)
  const hint =
    result?.kind === 'found'
      ? `${result.path} is on PATH, but no registry has it, and the catalog does not know it`
      : listHint
  return explainUnknownName(name, [...own.names, ...names, ...refs], snapshot, hint)
}

function toUnreadable(name: string, path: string): NexusError {
  const hint = `See the errors: nexus-registry validate ${toShellWord(path)}`
  return new NexusError('input', `${name} cannot be read: ${path} has errors`, { hint })
}

const listHint = 'List the tools: nexus-registry list tools'

function listRefs({ registries }: Snapshot): Ref[] {
  return Object.values(registries).flatMap(({ name, content }) =>
    name === 'hyper' || name === 'dashboard' ? [] : Object.keys(content ?? {}).map(id => toRef(name, id)),
  )
}
