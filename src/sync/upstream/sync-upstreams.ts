import type { NetworkConfig } from '../../config/config.ts'
import { recordWrites } from '../../journal/record.ts'
import { NexusError } from '../../lib/errors.ts'
import { limits } from '../../lib/limits.ts'
import type { Host } from '../../platform/host.ts'
import type { RegistryHome } from '../../registry/home/directories.ts'
import { updateHome } from '../../registry/home/update-home.ts'
import { withoutDetected } from '../../registry/load/load-snapshot.ts'
import { parseRegistry } from '../../registry/load/parse-registry.ts'
import { createKeyRank } from '../../registry/schema/known-keys.ts'
import { registryFiles, type SubRegistryName } from '../../registry/schema/names.ts'
import type { Snapshot } from '../../registry/snapshot.ts'
import { cacheTtlSeconds, keepSyncState, loadSyncStates, type SyncState } from '../../registry/sync-state.ts'
import type { UpstreamSource } from '../../registry/upstream-source.ts'
import { evaluateTrust, hashesOf, loadedHashes, renewTrust } from '../../security/trust.ts'
import { toPollPolicy } from './fetch-document.ts'
import { type Desired, planUpstream, type UpstreamPlan } from './parse-upstream.ts'
import { type Polled, pollSource } from './poll-source.ts'
import { type PollOutcome, toNextState, toUpstreamResult, type UpstreamResult } from './upstream-state.ts'

export interface UpstreamRequest {
  readonly home: RegistryHome
  readonly snapshot: Snapshot
  readonly sources: readonly UpstreamSource[]
  readonly network: NetworkConfig
  readonly isForced: boolean
  /** Whether to write neither files nor states. */
  readonly isDryRun: boolean
}

export interface UpstreamsSynced {
  readonly results: ReadonlyMap<SubRegistryName, UpstreamResult>
  /** Sentences about errors that did not stop the sync. */
  readonly notes: readonly string[]
}

/**
 * Polls all upstreams at once, writes their documents into the home, and saves their states. An upstream that fails, or
 * whose file cannot be written, leaves its registry unchanged.
 */
export async function syncUpstreams(request: UpstreamRequest, host: Host): Promise<UpstreamsSynced> {
  const states = await loadSyncStates(request.home.directory, host)
  const polls = await pollAll(request, states, host)
  const desired = toDesired(polls, states, request)
  const saving = request.isDryRun
    ? { plans: planUpstreams(contentOf(request.snapshot), desired), errors: new Map() }
    : await trySaving(request.home, desired, host)
  const ended = await Promise.all(
    polls.map(polled => conclude(polled, { request, before: states.get(polled.source.name), saving }, host)),
  )
  return {
    results: new Map(ended.map(({ result }) => [result.name, result])),
    notes: ended.flatMap(({ notes }) => notes),
  }
}

async function pollAll(
  { home, snapshot, sources, network, isForced }: UpstreamRequest,
  states: ReadonlyMap<SubRegistryName, SyncState>,
  host: Host,
): Promise<Polled[]> {
  const { content } = snapshot.registries.hyper
  if (content === undefined) return []
  // A home that was never trusted is data, which an upstream may replace. The user who trusted a home saw its addresses.
  const { changed, reason } = await evaluateTrust(home, loadedHashes(snapshot.registries, ['hyper']), host)
  const refusal = changed === undefined ? undefined : (reason ?? undefined)
  const common = { network, isForced, policy: toPollPolicy(content.sync_protocol), refusal }
  return Promise.all(
    sources.map(source => {
      const own = { text: snapshot.registries[source.name].text, state: states.get(source.name) }
      return pollSource({ ...common, ...own, source }, host)
    }),
  )
}

function toDesired(
  polls: readonly Polled[],
  states: ReadonlyMap<SubRegistryName, SyncState>,
  { isForced }: UpstreamRequest,
): ReadonlyMap<SubRegistryName, Desired> {
  return new Map(
    polls.flatMap(({ source: { name, url }, found }): [SubRegistryName, Desired][] => {
      if (found.kind !== 'registry') return []
      const { entries, quarantined, lastModified } = found
      const state = states.get(name)
      const knownLastModified = state?.url === url ? state.last_modified : null
      return [[name, { url, entries, quarantined, lastModified, knownLastModified, isForced }]]
    }),
  )
}

interface Saving {
  readonly plans: UpstreamPlans
  /** Why a file could not be written. */
  readonly errors: ReadonlyMap<SubRegistryName, string>
}

// All files at once, because entries refer to each other. When that fails, one by one: a file that cannot be written costs
// only itself, and its state is that of an upstream that fails.
async function trySaving(
  home: RegistryHome,
  desired: ReadonlyMap<SubRegistryName, Desired>,
  host: Host,
): Promise<Saving> {
  try {
    return { plans: await saveUpstreams(home, desired, host), errors: new Map() }
  } catch (error) {
    if (!(error instanceof NexusError) || host.interrupted.aborted) throw error
    const [first, ...rest] = desired
    if (first === undefined || rest.length === 0)
      return { plans: new Map(), errors: new Map(first ? [[first[0], error.message]] : []) }
  }
  const plans: [SubRegistryName, UpstreamPlan][] = []
  const errors: [SubRegistryName, string][] = []
  for (const each of desired) {
    const saving = await trySaving(home, new Map([each]), host)
    plans.push(...saving.plans)
    errors.push(...saving.errors)
  }
  return { plans: new Map(plans), errors: new Map(errors) }
}

interface SyncEnvironment {
  readonly request: UpstreamRequest
  readonly before: SyncState | undefined
  readonly saving: Saving
}

async function conclude(
  polled: Polled,
  { request, before, saving }: SyncEnvironment,
  host: Host,
): Promise<{ result: UpstreamResult; notes: readonly string[] }> {
  const { home, snapshot, isDryRun } = request
  const { source, found, settleHealth } = polled
  const common = {
    polled,
    plan: saving.plans.get(source.name),
    ttlSeconds: cacheTtlSeconds(snapshot.registries.hyper),
  }
  // An upstream that was not polled keeps its state.
  if (found.kind === 'waiting')
    return { notes: [], result: toUpstreamResult({ ...common, state: found.state, now: host.clock.now() }) }
  const health = await settleHealth()
  const outcome = toOutcome({ source, found }, { snapshot, before, saving }, host)
  const now = host.clock.now()
  const state = toNextState(before, outcome, { url: source.url, now, health })
  const notes = isDryRun ? [] : await keepSyncState(home.directory, source.name, state, host)
  return { notes, result: toUpstreamResult({ ...common, state, now }) }
}

interface PolledSource extends Pick<Polled, 'source'> {
  readonly found: Exclude<Polled['found'], { kind: 'waiting' }>
}

function toOutcome(
  { source: { name, url }, found }: PolledSource,
  { snapshot, before, saving }: Omit<SyncEnvironment, 'request'> & { readonly snapshot: Snapshot },
  host: Pick<Host, 'sha256'>,
): PollOutcome {
  const { text } = snapshot.registries[name]
  const fail = (error: string): PollOutcome => ({ ...ownFailure, error })
  if (found.kind === 'failed') {
    const { reason: error, isRefused, retryAfterMs } = found
    return { kind: 'failure', error, isRefused, retryAfterMs }
  }
  const { etag, lastModified } = found
  if (found.kind === 'unchanged') {
    const marks = {
      etag: etag ?? before?.etag ?? null,
      lastModified: lastModified ?? before?.last_modified ?? null,
    }
    return { kind: 'success', isHit: true, ...marks, fileSha256: host.sha256(withoutDetected(text ?? '')) }
  }
  const plan = saving.plans.get(name)
  if (plan === undefined) return fail(saving.errors.get(name) ?? 'it could not be written')
  if (plan.kind === 'refused')
    return fail(`the document of ${url} is not used: ${plan.reason}; sync --force uses it all the same`)
  const fileSha256 = host.sha256(withoutDetected(plan.text))
  return { kind: 'success', isHit: plan.text === text, etag, lastModified, fileSha256 }
}

const ownFailure = { kind: 'failure', isRefused: false, retryAfterMs: undefined } as const

function contentOf({ registries }: Snapshot): ReadonlyMap<string, string | undefined> {
  return new Map(Object.values(registries).map(({ name, text }) => [name, text]))
}

/** Plans by registry. */
type UpstreamPlans = ReadonlyMap<SubRegistryName, UpstreamPlan>

/** Plans what upstreams change in the texts of their registries. */
function planUpstreams(
  texts: ReadonlyMap<string, string | undefined>,
  desired: ReadonlyMap<SubRegistryName, Desired>,
): UpstreamPlans {
  return new Map([...desired].map(([name, each]) => [name, planChecked(name, texts.get(name), each)]))
}

/**
 * Writes the documents of upstreams into a home's files, all or nothing. Returns the plans for the texts under the lock.
 * Throws a NexusError, and then the files are unchanged.
 */
async function saveUpstreams(
  home: RegistryHome,
  desired: ReadonlyMap<SubRegistryName, Desired>,
  host: Host,
): Promise<UpstreamPlans> {
  if (desired.size === 0) return new Map()
  let plans: UpstreamPlans = new Map()
  const changes = await updateHome(
    home.directory,
    [...desired.keys()],
    texts => {
      plans = planUpstreams(texts, desired)
      return new Map(
        [...plans].flatMap(([name, plan]) => (plan.kind === 'planned' ? [[name, plan.text]] : [])),
      )
    },
    host,
    // What came from an upstream is marked, and marked entries run nothing: so what was trusted stays trusted.
    {
      beforeCommit: changes =>
        renewTrust(home.directory, hashesOf('before', changes), hashesOf('after', changes), host),
    },
  )
  await recordWrites(home.directory, { by: 'upstream' }, changes, host)
  return plans
}

// A document that could not be read again is refused.
function planChecked(name: SubRegistryName, text: string | undefined, desired: Desired): UpstreamPlan {
  const plan = planUpstream(text, desired, createKeyRank(name))
  if (plan.kind === 'refused' || plan.text === text) return plan
  const bytes = new TextEncoder().encode(plan.text)
  const isValid =
    bytes.length <= limits.fileBytes && parseRegistry(name, registryFiles[name], bytes).state === 'ok'
  return isValid
    ? plan
    : { kind: 'refused', reason: 'together with the local entries it would be too large to be read again' }
}
