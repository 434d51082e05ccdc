import { renderCount } from '../../lib/text/format.ts'
import type { Environment, Host } from '../../platform/host.ts'
import type { NetworkReach } from '../../platform/http.ts'
import type { RegistryHome } from '../../registry/home/directories.ts'
import { localDetectionOf } from '../../registry/provider-detection.ts'
import type { LocalDetected, LocalModel } from '../../registry/schema/detected.ts'
import { maxLocalModels } from '../../registry/schema/names.ts'
import type { Provider } from '../../registry/schema/provider.ts'
import { entriesOf, type Snapshot } from '../../registry/snapshot.ts'
import { isVariableSet } from '../services/credentials.ts'
import { isTrustedHome } from '../services/services.ts'
import { findRuntimePlace } from './address.ts'
import { type ChainResult, type KeyHeader, runChain, startChainTime } from './chain.ts'
import { type Runtime, type RuntimeFacts, toLocalModel, toRuntimeVersion } from './runtime.ts'
import { runtimes } from './runtimes.ts'

export interface RuntimesRequest {
  readonly home: RegistryHome
  readonly snapshot: Snapshot
  /** See `NetworkConfig`. */
  readonly allowPrivate: readonly string[]
  /** See `NetworkConfig`. */
  readonly checkCredentials?: readonly string[] | undefined
  /** Which providers to check; the default is all. */
  readonly isWanted?: (id: string) => boolean
}

export interface RuntimeCheck {
  readonly detected: LocalDetected
  /** In milliseconds; null without a request. */
  readonly durationMs: number | null
}

/**
 * Checks which local runtimes are up, and what models they have: one chain of requests for each address, all at once. Sends
 * none to runtimes of a home that is not trusted, and none to those that came over the network.
 */
export async function checkRuntimes(
  request: RuntimesRequest,
  host: Host,
): Promise<ReadonlyMap<string, RuntimeCheck>> {
  const { snapshot, isWanted = () => true } = request
  const local = Object.entries(entriesOf(snapshot, 'providers')).filter(
    ([id, { kind }]) => kind === 'local' && isWanted(id),
  )
  if (local.length === 0) return new Map()
  const isTrusted = await isTrustedHome(request, ['providers'], host)
  const plans = local.map(([id, provider]) => planCheck(id, provider, { request, isTrusted }, host.env))
  const start = host.clock.elapsed()
  const time = startChainTime(host)
  const chains = new Map(
    listChains(plans).map(chain => {
      const running = runChain(chain, time, host).then(result => ({
        result,
        durationMs: host.clock.elapsed() - start,
      }))
      return [chain.url, running]
    }),
  )
  const checks = plans.map(async (plan): Promise<[string, RuntimeCheck]> => {
    const done = await Promise.all(plan.urls.map(async url => ({ url, ...(await chains.get(url)) })))
    const found = chooseFinding(plan, done)
    const durations = done.flatMap(({ durationMs }) => durationMs ?? [])
    return [
      plan.id,
      {
        detected: toLocalDetected(plan.provider, found, host.clock.now()),
        durationMs: durations.length === 0 ? null : Math.max(...durations),
      },
    ]
  })
  return new Map(await Promise.all(checks).finally(time.stop))
}

/** What one provider needs to know. */
interface RuntimePlan {
  readonly id: string
  readonly provider: Provider
  readonly runtime: Runtime
  readonly reach: NetworkReach
  /** Empty when no request is sent. */
  readonly urls: readonly string[]
  /** Variable that names the address; undefined for default addresses. */
  readonly variable: string | undefined
  readonly key: KeyHeader | undefined
  /** Why no request is sent, a sentence without its full stop. */
  readonly refusal: string | undefined
  /** What it takes to send its key, where it needs one: a sentence without its full stop. */
  readonly keyHint: string
}

interface PlanContext {
  readonly request: RuntimesRequest
  readonly isTrusted: boolean
}

function planCheck(
  id: string,
  provider: Provider,
  { request, isTrusted }: PlanContext,
  env: Environment,
): RuntimePlan {
  // The schema wants one of every local provider.
  const runtime = runtimes[provider.runtime ?? 'ollama']
  const place = findRuntimePlace(provider, runtime, env)
  const { variable } = place
  const refusal = explainRefusal(provider, isTrusted)
  const common = { id, provider, runtime, variable, ...planKey(id, { provider, request }, env) }
  // What a variable names may be elsewhere, where the user lists it.
  const reach: NetworkReach =
    variable === undefined
      ? { kind: 'loopback' }
      : { kind: 'listed', addresses: ['localhost', ...request.allowPrivate] }
  if (refusal !== undefined || place.kind === 'unusable') {
    const unusable = `${variable} names no address that can be queried`
    return { ...common, reach, urls: [], refusal: refusal ?? unusable }
  }
  return { ...common, reach, urls: place.urls, refusal: undefined }
}

function explainRefusal({ 'x-upstream': upstream }: Provider, isTrusted: boolean): string | undefined {
  if (upstream !== undefined) return `its address came over the network (${upstream}), and gets no request`
  return isTrusted ? undefined : 'providers of a home that is not trusted are not checked'
}

// As for hosted providers, a key leaves this process only where the user's own configuration says so.
function planKey(
  id: string,
  { provider, request }: { readonly provider: Provider; readonly request: RuntimesRequest },
  env: Environment,
): Pick<RuntimePlan, 'key' | 'keyHint'> {
  const { auth_type: auth, auth_header: header, key_env: names = [] } = provider
  const own = [names].flat()
  const variable = own.find(name => isVariableSet(name, env))
  const needs = 'it lists its models only with a key'
  if (auth === 'none' || own.length === 0)
    return { key: undefined, keyHint: `${needs}, and its entry names no variable in key_env` }
  if (variable === undefined)
    return {
      key: undefined,
      keyHint: `${needs}, and ${own.join(' and ')} ${own.length === 1 ? 'is' : 'are'} not set`,
    }
  if (!request.checkCredentials?.includes(id))
    return {
      key: undefined,
      keyHint: `${needs}: ${variable} is set, and is sent when check_credentials of your configuration lists ${id}`,
    }
  const key = env[variable]?.trim() ?? ''
  const rejected = `it does not accept the key in ${variable}`
  // A header takes no line breaks, and a key has none.
  if (!/^[\x21-\x7e]+$/.test(key) || auth === 'query') return { key: undefined, keyHint: rejected }
  const name = auth === 'header' ? (header ?? 'x-api-key') : 'authorization'
  return { key: { [name]: auth === 'header' ? key : `Bearer ${key}` }, keyHint: rejected }
}

/** One chain for each address, with all runtimes that are expected there. */
function listChains(plans: readonly RuntimePlan[]) {
  const chains = new Map<
    string,
    { url: string; reach: NetworkReach; expected: Map<Runtime, KeyHeader | undefined> }
  >()
  for (const { urls, reach, runtime, key } of plans) {
    for (const url of urls) {
      const chain = chains.get(url)
      if (chain === undefined) chains.set(url, { url, reach, expected: new Map([[runtime, key]]) })
      else chain.expected.set(runtime, chain.expected.get(runtime) ?? key)
    }
  }
  return [...chains.values()]
}

/** What was found out about one provider. */
interface RuntimeFinding {
  readonly status: LocalDetected['status']
  readonly reason: string | null
  readonly latencyMs: number | null
  /** Undefined unless it is up. */
  readonly facts?: RuntimeFacts
}

interface ChainDone {
  readonly url: string
  readonly result?: ChainResult
}

/** The finding of the address where it is up, else that of the first one that says the most. */
function chooseFinding(plan: RuntimePlan, done: readonly ChainDone[]): RuntimeFinding {
  if (plan.refusal !== undefined) return { status: 'unknown', reason: plan.refusal, latencyMs: null }
  const findings = done.flatMap(({ url, result }) => (result ? [toFinding(plan, url, result)] : []))
  const byStatus = (status: RuntimeFinding['status']) => findings.find(finding => finding.status === status)
  const nothing: RuntimeFinding = { status: 'unknown', reason: 'it was not queried', latencyMs: null }
  return byStatus('up') ?? byStatus('unknown') ?? findings[0] ?? nothing
}

function toFinding(plan: RuntimePlan, url: string, result: ChainResult): RuntimeFinding {
  const { variable, runtime } = plan
  const named = variable === undefined ? '' : `, which ${variable} names`
  const subject = `${url}${named}${named && ','}`
  switch (result.kind) {
    case 'runtime': {
      const { latencyMs, facts } = result
      if (result.runtime === runtime)
        return { status: 'up', reason: explainGaps(plan, facts), latencyMs, facts }
      return toOther(plan, `${result.runtime.name} responds at ${url}${named}`, latencyMs)
    }
    case 'other': {
      const { name, status, latencyMs } = result
      const isRefused = status === 401 && runtime.refusal !== undefined
      const who = isRefused ? `${subject} responds with 401: ${runtime.refusal}` : undefined
      return toOther(plan, who ?? `${name ?? 'another program'} responds at ${url}${named}`, latencyMs)
    }
    case 'refused':
      return { status: 'down', reason: `nothing listens at ${url}${named}`, latencyMs: null }
    case 'broken':
      return toOther(plan, `${subject} ${result.reason}`, null)
    case 'unknown':
      return { status: 'unknown', reason: `${subject} ${result.reason}`, latencyMs: null }
  }
}

// At a default port it is just not there. Where the user says that it is, it may be another version or a proxy.
function toOther({ variable }: RuntimePlan, reason: string, latencyMs: number | null): RuntimeFinding {
  return { status: variable === undefined ? 'down' : 'unknown', reason, latencyMs }
}

function explainGaps(
  { keyHint }: RuntimePlan,
  { notes, needsKey, models = [] }: RuntimeFacts,
): string | null {
  const shown = models.filter(model => toLocalModel(model) !== undefined)
  const distinct = new Set(shown.map(({ id }) => id)).size
  const hidden = models.length - shown.length
  const sentences = [
    ...notes,
    ...(needsKey ? [keyHint] : []),
    ...(hidden === 0 ? [] : [`${renderCount(hidden, 'model')} without an id that can be shown left out`]),
    ...(distinct > maxLocalModels
      ? [`it lists ${distinct} models, of which ${maxLocalModels} are recorded`]
      : []),
  ]
  return sentences.length === 0 ? null : sentences.join('; ')
}

/** The detection of a local provider. What is not known any more stays as it was. */
function toLocalDetected(
  provider: Provider,
  { status, reason, latencyMs, facts }: RuntimeFinding,
  now: number,
): LocalDetected {
  const before = localDetectionOf(provider)
  const checked_at = new Date(now).toISOString()
  const last_up_at = status === 'up' ? checked_at : before?.last_up_at
  return {
    status,
    version: facts ? toRuntimeVersion(facts.version) : null,
    latency_ms: latencyMs,
    models: facts?.models ? toModels(facts) : keepModels(before?.models ?? [], status),
    ...(last_up_at === undefined ? {} : { last_up_at }),
    reason,
    checked_at,
  }
}

/** Each id once, sorted; where there are too many, those in memory come first. */
function toModels({ models = [] }: RuntimeFacts): LocalModel[] {
  const byId = new Map<string, LocalModel>()
  for (const model of models) {
    const local = toLocalModel(model)
    if (local !== undefined && !byId.has(local.id)) byId.set(local.id, local)
  }
  const all = [...byId.values()]
  const most = [...all.filter(({ loaded }) => loaded), ...all.filter(({ loaded }) => !loaded)]
  return most.slice(0, maxLocalModels).sort((left, right) => (left.id < right.id ? -1 : 1))
}

/** The models of before: they are still on the disk, but what is in memory is not known, or nothing is. */
function keepModels(models: readonly LocalModel[], status: LocalDetected['status']): LocalModel[] {
  const loaded = status === 'down' ? false : null
  return models.map(model => ({ ...model, loaded, vram_bytes: null }))
}
