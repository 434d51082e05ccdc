import { limits } from '../../lib/limits.ts'
import { toCleanText } from '../../lib/text/text.ts'
import type { Environment, Host, RequestHost } from '../../platform/host.ts'
import type { NetworkReach, WebResponse } from '../../platform/http.ts'
import { isHealthChecked } from '../../registry/dashboard-items.ts'
import type { RegistryHome } from '../../registry/home/directories.ts'
import type { ProviderDetected } from '../../registry/schema/detected.ts'
import type { Provider } from '../../registry/schema/provider.ts'
import { entriesOf, type Snapshot } from '../../registry/snapshot.ts'
import { type CredentialFinding, findCredential } from './credentials.ts'
import { providerAddressOf, requestOneByOne, sendTimedRequest } from './requests.ts'
import { isTrustedHome } from './services.ts'

interface ProvidersRequest {
  readonly home: RegistryHome
  readonly snapshot: Snapshot
  /** Whether their addresses are queried too. */
  readonly isDeep: boolean
  /** See `NetworkConfig`. */
  readonly allowPrivate: readonly string[]
  /** See `NetworkConfig`. */
  readonly checkCredentials?: readonly string[] | undefined
  /** Which providers to check; the default is all. */
  readonly isWanted?: (id: string) => boolean
}

interface ProviderCheck {
  readonly detected: ProviderDetected
  /** In milliseconds. */
  readonly durationMs: number
}

/** Checks which hosted providers can be used from here: whether a credential is here, and in a deep check whether they respond. */
export async function checkProviders(
  request: ProvidersRequest,
  host: Host,
): Promise<ReadonlyMap<string, ProviderCheck>> {
  const { snapshot, isWanted = () => true } = request
  const providers = Object.entries(entriesOf(snapshot, 'providers')).filter(
    ([id, { kind }]) => kind !== 'local' && isWanted(id),
  )
  const isTrusted = request.isDeep && (await isTrustedHome(request, ['providers'], host))
  const reachOf = async (item: ProviderItem): Promise<ProviderReach> => {
    if (!request.isDeep) return notQueried(null)
    if (!isHealthChecked(item.id, snapshot)) return notQueried(uncheckedHealth)
    if (!isTrusted) return notQueried('providers of a home that is not trusted are not checked')
    const reach = toReach(item.provider, request)
    const check = request.checkCredentials?.includes(item.id)
      ? toCredentialRequest(item, host.env)
      : undefined
    return check ? requestCredential(check, reach, host) : requestProvider(item.provider, reach, host)
  }
  const items = await Promise.all(
    providers.map(async ([id, provider]) => ({
      id,
      provider,
      credential: await findCredential(provider, host),
    })),
  )
  const stamp = (item: ProviderItem, reach: ProviderReach, start: number): [string, ProviderCheck] => {
    const detected = toDetected(item.credential, reach, host.clock.now())
    return [item.id, { detected, durationMs: host.clock.elapsed() - start }]
  }
  const queue = {
    check: async (item: ProviderItem) => {
      const start = host.clock.elapsed()
      return stamp(item, await reachOf(item), start)
    },
    totalMs: limits.providerTotalMs,
    toLate: (item: ProviderItem) => stamp(item, late, host.clock.elapsed()),
  }
  return new Map(await requestOneByOne(items, queue, host))
}

interface ProviderItem {
  readonly id: string
  readonly provider: Provider
  readonly credential: CredentialFinding
}

const late = notQueried(
  `there was no time to check it: the providers before it took ${limits.providerTotalMs / 1000} s`,
)

const uncheckedHealth = 'it was not queried: its entry in the dashboard registry says health_check: false'

function notQueried(reason: string | null): ProviderReach {
  return { reachable: null, latencyMs: null, reason }
}

// What the user lists is for what the user wrote: an address from the network leads to the internet alone.
function toReach(provider: Provider, { allowPrivate }: ProvidersRequest): NetworkReach {
  return { kind: 'public', alsoPrivate: provider['x-upstream'] === undefined ? allowPrivate : [] }
}

function toDetected(
  credential: CredentialFinding,
  { reachable, latencyMs, reason, credential: said }: ProviderReach,
  checkedAt: number,
): ProviderDetected {
  const reasons = [credential.status === 'configured' ? null : credential.reason, reason].filter(
    text => text !== null,
  )
  return {
    status: credential.status,
    key_env: credential.status === 'configured' ? credential.variable : null,
    ...(said === undefined ? {} : { credential: said }),
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
  /** What the provider said of the credential; undefined when it was not asked. */
  readonly credential?: ProviderDetected['credential']
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
      return { reachable: false, reason: `${address} does not respond: ${toCleanText(response.reason)}` }
    case 'too-large':
    case 'timed-out':
      return {
        reachable: false,
        reason: `${address} did not respond within ${limits.providerTimeoutMs / 1000} s`,
      }
    case 'out-of-reach':
      return {
        reachable: null,
        reason: `${address} leads to this machine or a network near it, which allow_private does not list: no request was sent`,
      }
  }
}

interface CredentialRequest {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** Variable that holds the credential. */
  readonly variable: string
}

/**
 * The documented free request that tells whether a credential is valid. Undefined when there is none, or when the
 * credential would leave in an address, without encryption, or for another server than that of the provider.
 */
function toCredentialRequest(
  { provider, credential }: ProviderItem,
  env: Environment,
): CredentialRequest | undefined {
  const { credential_check: check, auth_type: auth, auth_header: header } = provider
  if (check === undefined || provider['x-upstream'] !== undefined) return undefined
  if (credential.status !== 'configured' || credential.variable === null) return undefined
  const { variable } = credential
  if (!(check.key_env ?? [variable]).includes(variable)) return undefined
  const { origin, protocol } = new URL(check.url)
  if (origin !== new URL(provider.base_url ?? provider.endpoint).origin || !isPrivateEnough(protocol, origin))
    return undefined
  const key = env[variable]?.trim() ?? ''
  // A header takes no line breaks, and a key has none.
  if (!/^[\x21-\x7e]+$/.test(key)) return undefined
  if (auth === 'bearer')
    return { url: check.url, headers: { ...check.headers, authorization: `Bearer ${key}` }, variable }
  if (auth !== 'header' || header === undefined) return undefined
  return { url: check.url, headers: { ...check.headers, [header]: key }, variable }
}

function isPrivateEnough(protocol: string, origin: string): boolean {
  return protocol === 'https:' || ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(origin).hostname)
}

async function requestCredential(
  { url, headers, variable }: CredentialRequest,
  reach: NetworkReach,
  host: RequestHost,
): Promise<ProviderReach> {
  const { response, latencyMs } = await sendTimedRequest(
    { url, reach, headers, timeoutMs: limits.providerTimeoutMs },
    host,
  )
  const found = { ...evaluateResponse(response, url), latencyMs }
  if (response.outcome !== 'answered') return { ...found, credential: null }
  if (response.status >= 200 && response.status < 300) return { ...found, credential: 'valid' }
  if (response.status === 401)
    return { ...found, credential: 'rejected', reason: `the provider rejected the credential in ${variable}` }
  const reason = `whether the credential in ${variable} is valid is not known: ${url} responds with ${response.status}`
  return { ...found, credential: null, reason }
}
