import { type CredentialHost, findCredentials } from '../detection/services/credentials.ts'
import { isAtLeast } from '../lib/version/versions.ts'
import { localDetectionOf } from '../registry/provider-detection.ts'
import { type Ref, toExportName, toRef, type Variable } from '../registry/refs.ts'
import type { Detected, LocalDetected, ProviderDetected } from '../registry/schema/detected.ts'
import type { MlFramework } from '../registry/schema/ml-framework.ts'
import type { Provider } from '../registry/schema/provider.ts'
import type { Tool } from '../registry/schema/tool.ts'
import { describeCopy, entriesOf, type LoadedRegistry, type Snapshot } from '../registry/snapshot.ts'

/** A registry home and what was detected for its entries. */
export interface HomeFindings {
  readonly snapshot: Snapshot
  readonly detections: ReadonlyMap<Ref, Detected>
  /** What this sync found out about local runtimes; without it, what their entries say counts. */
  readonly targets?: { readonly providers: Readonly<Record<string, ProviderDetected | LocalDetected>> }
}

/** The entries that define variables. */
interface Entries {
  readonly tools: Readonly<Record<string, Tool>>
  readonly ml_frameworks: Readonly<Record<string, MlFramework>>
  readonly providers: Readonly<Record<string, Pick<Provider, 'env_var' | 'kind'>>>
}

/** Entries, their detections, and the entries whose version is too low. */
export interface Findings extends Entries {
  readonly detections: ReadonlyMap<Ref, Detected>
  /** Entries whose version is not known to reach `min_version`; see `findTooOld`. */
  readonly tooOld: ReadonlySet<Ref>
  /** Ids of the providers whose credential is here, and of the local runtimes that are up. */
  readonly configured: ReadonlySet<string>
  /** Ids of the local runtimes of which the last sync did not find out whether they are up. */
  readonly uncertain?: ReadonlySet<string>
}

interface EnvVariables {
  /** Sorted by name; each name once. */
  readonly variables: readonly Variable[]
  /** Sentences about variables that several entries define. */
  readonly notes: readonly string[]
}

/** `partial`: something is missing or stale, and a note says why. `failed`: nothing is known. */
export type EnvStatus = 'ok' | 'partial' | 'failed'

/** The last variable of every output, because `eval $(a-failing-command)` exits with 0. */
export function statusVariable(status: EnvStatus | undefined): Variable {
  return { name: 'NEXUS_ENV_STATUS', value: status }
}

type Found = Omit<Findings, keyof Entries>

/** A variable that an entry defines. */
interface Claim extends Variable {
  readonly ref: Ref
  /** The value when neither this detection nor an earlier one knows it. */
  readonly fallback: string | undefined
}

/**
 * Turns detections into variables. `NEXUS_HAS_X` is always set: `1` when the entry is present and, if it has a
 * `min_version`, known to reach it; of a provider, when its credential is here; of a local runtime, when it was up at the last sync; else `0`. Companions are set when their fact is known, and unset when it is not.
 * When several entries define one variable, the first one decides: tools, frameworks, providers, each in the
 * file's order.
 * `previous` are the variables cached for the same cache key. They replace what this detection does not know.
 */
export function toVariables(findings: Findings, previous: readonly Variable[] = []): EnvVariables {
  const previousValues = new Map(previous.map(({ name, value }) => [name, value]))
  const { claims, notes } = chooseFirst([
    ...toolClaims(findings),
    ...frameworkClaims(findings),
    ...providerClaims(findings),
  ])
  const variables = claims.map(({ ref, name, value, fallback }) => {
    const recalled = isKnown(findings.detections.get(ref)) ? undefined : previousValues.get(name)
    return { name, value: value ?? recalled ?? fallback }
  })
  return { variables: variables.sort((a, b) => (a.name < b.name ? -1 : 1)), notes }
}

/** Names of all variables that the entries may set, sorted. */
export function variableNames(entries: Entries): string[] {
  return toVariables({
    ...entries,
    detections: new Map(),
    tooOld: new Set(),
    configured: new Set(),
  }).variables.map(({ name }) => name)
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

function providerClaims({ providers, configured, uncertain, ...entries }: Findings): Claim[] {
  const taken = new Set(
    [...Object.values(entries.tools), ...Object.values(entries.ml_frameworks)].map(toName),
  )
  return Object.entries(providers).map(([id, provider]) => {
    const name = providerVariable(id, provider, taken)
    const value = configured.has(id) ? '1' : '0'
    return { ref: toRef('providers', id), name, value: uncertain?.has(id) ? undefined : value, fallback: '0' }
  })
}

function toName({ env_var: name }: { readonly env_var: string }): string {
  return name
}

/**
 * The variable that a provider is exported as. The server of a tool or framework often has its name (`tools/ollama`): it
 * leaves the variable to them. `taken` are the variables of tools and frameworks.
 */
export function providerVariable(
  id: string,
  {
    env_var: own,
    kind,
  }: { readonly env_var?: string | undefined; readonly kind?: Provider['kind'] | undefined },
  taken: ReadonlySet<string | undefined>,
): string {
  const name = own ?? toExportName(id)
  return own === undefined && kind === 'local' && taken.has(name) ? `${name}_API` : name
}

function toHasClaim(ref: Ref, name: string, { detections, tooOld }: Found): Claim {
  const detected = detections.get(ref)
  const value = detected?.status === 'present' && !tooOld.has(ref) ? '1' : '0'
  return { ref, name, value: isKnown(detected) ? value : undefined, fallback: '0' }
}

function toCompanionClaims(ref: Ref, tool: Tool, { detections }: Found): Claim[] {
  const details = detections.get(ref)?.details ?? {}
  return Object.entries(tool.companion_vars ?? {}).flatMap(([fact, name]) =>
    name === undefined ? [] : [{ ref, name, value: toText(details[fact]), fallback: undefined }],
  )
}

// Tools print what they like. An empty fact counts as unknown, and no variable can hold a NUL.
function toText(fact: unknown): string | undefined {
  if (typeof fact === 'number') return Number.isFinite(fact) ? String(fact) : undefined
  return typeof fact === 'string' && fact !== '' && !fact.includes('\0') ? fact : undefined
}

function chooseFirst(claims: readonly Claim[]): { claims: Claim[]; notes: string[] } {
  const chosen = new Map<string, Claim>()
  const notes: string[] = []
  for (const claim of claims) {
    const first = chosen.get(claim.name)
    if (first) notes.push(`${claim.name} is defined by ${first.ref} and ${claim.ref}: ${first.ref} decides`)
    else chosen.set(claim.name, claim)
  }
  return { claims: [...chosen.values()], notes }
}

function isKnown(detected: Detected | undefined): boolean {
  return detected !== undefined && detected.status !== 'unknown'
}

/** Adds to detections the entries, those whose version is too low, and the providers that this environment has keys for. */
export async function toFindings(
  { snapshot, detections, targets }: HomeFindings,
  host: CredentialHost,
): Promise<Findings> {
  const providers = entriesOf(snapshot, 'providers')
  const entries = { tools: entriesOf(snapshot, 'tools'), ml_frameworks: entriesOf(snapshot, 'ml_frameworks') }
  const hosted = Object.entries(providers).filter(([, { kind }]) => kind !== 'local')
  const credentials = await findCredentials(Object.fromEntries(hosted), host)
  const local = Object.entries(providers).flatMap(([id, { kind, detected }]) =>
    kind === 'local'
      ? [{ id, status: localDetectionOf({ detected: targets?.providers[id] ?? detected })?.status }]
      : [],
  )
  const withKey = [...credentials].filter(([, { status }]) => status === 'configured')
  const idsOf = (wanted: string) => local.filter(({ status }) => status === wanted).map(({ id }) => id)
  return {
    ...entries,
    providers,
    detections,
    tooOld: await findTooOld(entries, detections),
    configured: new Set([...withKey.map(([id]) => id), ...idsOf('up')]),
    uncertain: new Set(idsOf('unknown')),
  }
}

/** Entries with a `min_version` that the detected version is not known to reach. */
export async function findTooOld(
  { tools, ml_frameworks }: Pick<Entries, 'tools' | 'ml_frameworks'>,
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

/** One sentence for each registry file that defines variables and could not be read completely. `now` is milliseconds since 1970. */
export function toProblems({ registries }: Snapshot, now: number): string[] {
  // A home without a provider registry has no providers: that is all there is to export.
  const providers = registries.providers.state === 'missing' ? [] : [registries.providers]
  return [registries.tools, registries.ml_frameworks, ...providers].flatMap(registry =>
    toProblem(registry, now),
  )
}

function toProblem(registry: LoadedRegistry, now: number): string[] {
  const { name, state, quarantined, diagnostics } = registry
  if (state === 'ok' && quarantined.length === 0) return []
  if (state === 'hidden') return [`sign in to see ${name}`]
  const [first, ...others] = diagnostics.filter(({ severity }) => severity === 'error')
  if (first === undefined) return []
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`
  const copy = describeCopy(registry, now)
  const instead = copy === undefined ? '' : `, ${copy}`
  return [
    `${first.file}:${first.line}:${first.column}: ${first.message}${more}${instead}; see nexus-registry validate`,
  ]
}
