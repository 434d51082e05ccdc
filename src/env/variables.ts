import { isAtLeast } from '../lib/version/versions.ts'
import { type Ref, toRef, type Variable } from '../registry/refs.ts'
import type { Detected } from '../registry/schema/detected.ts'
import type { MlFramework } from '../registry/schema/ml-framework.ts'
import type { Tool } from '../registry/schema/tool.ts'
import { describeCopy, entriesOf, type LoadedRegistry, type Snapshot } from '../registry/snapshot.ts'

/** Sentences about registry files that could not be used whole, one a file, `now` in milliseconds since 1970. Only those that name variables matter. */
export function toProblems({ registries }: Snapshot, now: number): string[] {
  return [registries.tools, registries.ml_frameworks].flatMap(registry => toProblem(registry, now))
}

function toProblem(registry: LoadedRegistry, now: number): string[] {
  const { name, state, quarantined, diagnostics } = registry
  if (state === 'ok' && quarantined.length === 0) return []
  if (state === 'hidden') return [`you may not see ${name}`]
  const [first, ...others] = diagnostics.filter(({ severity }) => severity === 'error')
  if (first === undefined) return []
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`
  const copy = describeCopy(registry, now)
  const instead = copy === undefined ? '' : `, ${copy}`
  return [
    `${first.file}:${first.line}:${first.column}: ${first.message}${more}${instead}; see nexus-registry validate`,
  ]
}

/** What was asked and found in a home, and what of it is too old. */
export async function toFindings({ snapshot, detections }: HomeFindings): Promise<Findings> {
  const entries = { tools: entriesOf(snapshot, 'tools'), ml_frameworks: entriesOf(snapshot, 'ml_frameworks') }
  return { ...entries, detections, tooOld: await findTooOld(entries, detections) }
}

/** What was found in a home. */
export interface HomeFindings {
  readonly snapshot: Snapshot
  readonly detections: ReadonlyMap<Ref, Detected>
}

/** What was asked. */
interface Entries {
  readonly tools: Readonly<Record<string, Tool>>
  readonly ml_frameworks: Readonly<Record<string, MlFramework>>
}

/** What was asked and what was found. */
export interface Findings extends Entries {
  readonly detections: ReadonlyMap<Ref, Detected>
  /** Entries whose version is not known to be good enough; see `findTooOld`. */
  readonly tooOld: ReadonlySet<Ref>
}

interface EnvVariables {
  /** Sorted by name; each name once. */
  readonly variables: readonly Variable[]
  /** Sentences about what is wrong with the registries. */
  readonly notes: readonly string[]
}

type Found = Omit<Findings, keyof Entries>

interface Claim extends Variable {
  readonly ref: Ref
  /** What stands when neither this detection nor an earlier one could tell. */
  readonly otherwise: string | undefined
}

/**
 * What a shell is told. `NEXUS_HAS_X` is always set: `1` when the thing is present and, if its entry has a
 * `min_version`, known to be at least that; else `0`. Companions are set when their fact is known and unset when not.
 * Of several entries that claim one variable the first decides: tools before frameworks, each in the file's order.
 * `previous`, an earlier answer to the same question, stands for what could not be asked this time.
 */
export function toVariables(findings: Findings, previous: readonly Variable[] = []): EnvVariables {
  const before = new Map(previous.map(({ name, value }) => [name, value]))
  const { claims, notes } = chooseFirst([...toolClaims(findings), ...frameworkClaims(findings)])
  const variables = claims.map(({ ref, name, value, otherwise }) => {
    const recalled = isKnown(findings.detections.get(ref)) ? undefined : before.get(name)
    return { name, value: value ?? recalled ?? otherwise }
  })
  return { variables: variables.sort((a, b) => (a.name < b.name ? -1 : 1)), notes }
}

/** Names of all variables that the entries may set, sorted. */
export function variableNames(entries: Entries): string[] {
  return toVariables({ ...entries, detections: new Map(), tooOld: new Set() }).variables.map(
    ({ name }) => name,
  )
}

function chooseFirst(claims: readonly Claim[]): { claims: Claim[]; notes: string[] } {
  const chosen = new Map<string, Claim>()
  const notes: string[] = []
  for (const claim of claims) {
    const first = chosen.get(claim.name)
    if (first) notes.push(`${claim.name} belongs to ${first.ref} and ${claim.ref}: ${first.ref} decides`)
    else chosen.set(claim.name, claim)
  }
  return { claims: [...chosen.values()], notes }
}

function toolClaims({ tools, ...found }: Findings): Claim[] {
  return Object.entries(tools).flatMap(([id, tool]) => {
    const ref = toRef('tools', id)
    return [toHasClaim(ref, tool.env_var, found), ...toCompanionClaims(ref, tool, found)]
  })
}

function frameworkClaims({ ml_frameworks, ...found }: Findings): Claim[] {
  return Object.entries(ml_frameworks).map(([id, framework]) =>
    toHasClaim(toRef('ml_frameworks', id), framework.env_var, found),
  )
}

function toHasClaim(ref: Ref, name: string, { detections, tooOld }: Found): Claim {
  const detected = detections.get(ref)
  const answer = detected?.status === 'present' && !tooOld.has(ref) ? '1' : '0'
  return { ref, name, value: isKnown(detected) ? answer : undefined, otherwise: '0' }
}

function toCompanionClaims(ref: Ref, tool: Tool, { detections }: Found): Claim[] {
  const details = detections.get(ref)?.details ?? {}
  return Object.entries(tool.companion_vars ?? {}).flatMap(([fact, name]) =>
    name === undefined ? [] : [{ ref, name, value: toText(details[fact]), otherwise: undefined }],
  )
}

function isKnown(detected: Detected | undefined): boolean {
  return detected !== undefined && detected.status !== 'unknown'
}

// Tools print what they like: an empty fact is not known, and no variable can hold a NUL.
function toText(fact: unknown): string | undefined {
  if (typeof fact === 'number') return Number.isFinite(fact) ? String(fact) : undefined
  return typeof fact === 'string' && fact !== '' && !fact.includes('\0') ? fact : undefined
}

/** Entries with a `min_version` that the version found is not known to reach. */
export async function findTooOld(
  { tools, ml_frameworks }: Entries,
  detections: ReadonlyMap<Ref, Detected>,
): Promise<ReadonlySet<Ref>> {
  const entries = [
    ...Object.entries(tools).map(([id, entry]) => ({ ref: toRef('tools', id), entry })),
    ...Object.entries(ml_frameworks).map(([id, entry]) => ({ ref: toRef('ml_frameworks', id), entry })),
  ]
  const tooOld = new Set<Ref>()
  for (const { ref, entry } of entries) {
    const version = detections.get(ref)?.version ?? null
    if (entry.min_version !== undefined && !(await isAtLeast(version, entry.min_version))) tooOld.add(ref)
  }
  return tooOld
}
