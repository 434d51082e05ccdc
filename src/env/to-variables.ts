import { type Ref, toRef } from '../registry/refs.ts'
import type { Detected } from '../registry/schema/detected.ts'
import type { MlFramework } from '../registry/schema/ml-framework.ts'
import type { Tool } from '../registry/schema/tool.ts'
import type { Variable } from '../registry/variable.ts'

/** What was asked. */
export interface Entries {
  readonly tools: Readonly<Record<string, Tool>>
  readonly ml_frameworks: Readonly<Record<string, MlFramework>>
}

/** What was asked and what was found. */
export interface Findings extends Entries {
  readonly detections: ReadonlyMap<Ref, Detected>
  /** Entries whose version is not known to be good enough; see `findTooOld`. */
  readonly tooOld: ReadonlySet<Ref>
}

export interface EnvVariables {
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
    const recalled = isAnswered(findings.detections.get(ref)) ? undefined : before.get(name)
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
  return { ref, name, value: isAnswered(detected) ? answer : undefined, otherwise: '0' }
}

function toCompanionClaims(ref: Ref, tool: Tool, { detections }: Found): Claim[] {
  const details = detections.get(ref)?.details ?? {}
  return Object.entries(tool.companion_vars ?? {}).flatMap(([fact, name]) =>
    name === undefined ? [] : [{ ref, name, value: toText(details[fact]), otherwise: undefined }],
  )
}

function isAnswered(detected: Detected | undefined): boolean {
  return detected !== undefined && detected.status !== 'unknown'
}

// Tools print what they like: an empty fact is not known, and no variable can hold a NUL.
function toText(fact: unknown): string | undefined {
  if (typeof fact === 'number') return Number.isFinite(fact) ? String(fact) : undefined
  return typeof fact === 'string' && fact !== '' && !fact.includes('\0') ? fact : undefined
}
