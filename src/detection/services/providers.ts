import { limits } from '../../lib/limits.ts'
import { toCleanText } from '../../lib/text/text.ts'
import type { Environment, Host, RequestHost } from '../../platform/host.ts'
import type { NetworkReach, WebResponse } from '../../platform/http.ts'
import type { RegistryHome } from '../../registry/home/directories.ts'
import type { ProviderDetected } from '../../registry/schema/detected.ts'
import type { Provider } from '../../registry/schema/provider.ts'
import { entriesOf, type Snapshot } from '../../registry/snapshot.ts'
import { providerAddressOf, requestOneByOne, sendTimedRequest } from './requests.ts'
import { isTrustedHome } from './services.ts'

interface ProvidersRequest {
  readonly home: RegistryHome
  readonly snapshot: Snapshot
  /** Whether their addresses are queried too. */
  readonly isDeep: boolean
  /** See `NetworkConfig`. */
  readonly allowPrivate: readonly string[]
  /** Which providers to check; the default is all. */
  readonly isWanted?: (id: string) => boolean
}

interface ProviderCheck {
  readonly detected: ProviderDetected
  /** In milliseconds. */
  readonly durationMs: number
}

/** Checks which providers can be used from here: whether a key is set, and in a deep check whether they respond. */
export async function checkProviders(
  request: ProvidersRequest,
  host: Host,
): Promise<ReadonlyMap<string, ProviderCheck>> {
  const { snapshot, isWanted = () => true } = request
  const providers = Object.entries(entriesOf(snapshot, 'providers')).filter(([id]) => isWanted(id))
  const isTrusted = request.isDeep && (await isTrustedHome(request, ['providers'], host))
  const reachOf = async (provider: Provider): Promise<ProviderReach> => {
    if (!request.isDeep) return notQueried(null)
    if (!isTrusted) return notQueried('providers of a home that is not trusted are not checked')
    return requestProvider(provider, toReach(provider, request), host)
  }
  const stamp = ([id, provider]: Entry, reach: ProviderReach, start: number): [string, ProviderCheck] => {
    const detected = toDetected(findKey(provider, host.env), reach, host.clock.now())
    return [id, { detected, durationMs: host.clock.elapsed() - start }]
  }
  const queue = {
    check: async (entry: Entry) => {
      const start = host.clock.elapsed()
      return stamp(entry, await reachOf(entry[1]), start)
    },
    totalMs: limits.providerTotalMs,
    toLate: (entry: Entry) => stamp(entry, late, host.clock.elapsed()),
  }
  return new Map(await requestOneByOne(providers, queue, host))
}

type Entry = readonly [id: string, provider: Provider]

const late = notQueried(
  `there was no time to check it: the providers before it took ${limits.providerTotalMs / 1000} s`,
)

function notQueried(reason: string | null): ProviderReach {
  return { reachable: null, latencyMs: null, reason }
}

// What the user lists is for what the user wrote: an address from the network leads to the internet alone.
function toReach(provider: Provider, { allowPrivate }: ProvidersRequest): NetworkReach {
  return { kind: 'public', alsoPrivate: provider['x-upstream'] === undefined ? allowPrivate : [] }
}

function toDetected(
  key: KeyFinding,
  { reachable, latencyMs, reason }: ProviderReach,
  checkedAt: number,
): ProviderDetected {
  const reasons = ['reason' in key ? key.reason : null, reason].filter(text => text !== null)
  return {
    status: 'reason' in key ? 'unconfigured' : 'configured',
    key_env: key.kind === 'set' ? key.variable : null,
    reachable,
    latency_ms: latencyMs,
    reason: reasons.length === 0 ? null : reasons.join('; '),
    checked_at: new Date(checkedAt).toISOString(),
  }
}

/** Whether the address of a provider responds; null without a request. `reason` is a sentence without its full stop. */
interface ProviderReach {
  readonly reachable: boolean | null
  readonly latencyMs: number | null
  readonly reason: string | null
}

/** Queries the address of a provider. Any response counts, also 401. */
async function requestProvider(
  provider: Pick<Provider, 'base_url' | 'endpoint'>,
  reach: NetworkReach,
  host: RequestHost,
): Promise<ProviderReach> {
  const url = providerAddressOf(provider)
  if (url === undefined) return notQueried('its address differs by account, so it was not queried')
  const { response, latencyMs } = await sendTimedRequest(
    { url, reach, timeoutMs: limits.providerTimeoutMs },
    host,
  )
  return { ...evaluateResponse(response, url), latencyMs }
}

function evaluateResponse(response: WebResponse, address: string): Omit<ProviderReach, 'latencyMs'> {
  switch (response.outcome) {
    case 'answered':
      return { reachable: true, reason: null }
    case 'refused':
      return { reachable: false, reason: `nothing listens at ${address}` }
    case 'failed':
      if (response.isOurs)
        return { reachable: null, reason: `${address} could not be queried: ${toCleanText(response.reason)}` }
      return { reachable: false, reason: `${address} does not answer: ${toCleanText(response.reason)}` }
    case 'too-large':
    case 'timed-out':
      return {
        reachable: false,
        reason: `${address} did not answer within ${limits.providerTimeoutMs / 1000} s`,
      }
    case 'out-of-reach':
      return {
        reachable: null,
        reason: `${address} leads to this machine or a network near it, which allow_private does not list: no request was sent`,
      }
  }
}

/** Where the key of a provider is, if anywhere. `reason` is a sentence without its full stop. */
export type KeyFinding =
  | { readonly kind: 'set'; readonly variable: string }
  | { readonly kind: 'needless' }
  | { readonly kind: 'unset' | 'unnamed'; readonly reason: string; readonly hint: string }

/** Finds the first variable that holds a key. Never reads the key. */
export function findKey(
  { auth_type: auth, key_env: names }: Pick<Provider, 'auth_type' | 'key_env'>,
  env: Environment,
): KeyFinding {
  if (auth === 'none') return { kind: 'needless' }
  const variables = [names ?? []].flat()
  const variable = variables.find(name => isSet(name, env))
  if (variable !== undefined) return { kind: 'set', variable }
  if (variables.length === 0) {
    const hint = 'Name the variable in key_env of its entry in provider_registry.json'
    return { kind: 'unnamed', reason: 'its entry names no variable with the key', hint }
  }
  const reason =
    variables.length === 1 ? `${variables[0]} is not set` : `neither ${variables.join(' nor ')} is set`
  return {
    kind: 'unset',
    reason,
    hint: `Set ${variables.join(' or ')} to your key: export ${variables[0]}=…`,
  }
}

// `constructor` is a name that every object knows.
function isSet(name: string, env: Environment): boolean {
  return Object.hasOwn(env, name) && Boolean(env[name])
}
