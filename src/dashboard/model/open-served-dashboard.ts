import { NexusError } from '../../lib/errors.ts'
import { limits } from '../../lib/limits.ts'
import { toCleanText } from '../../lib/text/text.ts'
import type { Host } from '../../platform/host.ts'
import type { WebAnswer } from '../../platform/web-request.ts'
import type { DashboardSource } from './dashboard-source.ts'
import { parseServedDashboard } from './parse-served-dashboard.ts'

export interface ServedDashboardRequest {
  /** Address of the server, of http or https. */
  readonly url: URL
  readonly token: string | undefined
  /** Addresses of networks near by that may be asked. This machine may, since the user named the address. */
  readonly allowPrivate: readonly string[]
}

const timeoutMs = 5000

/** Dashboards of a server. */
export function openServedDashboard(
  { url, token, allowPrivate }: ServedDashboardRequest,
  host: Pick<Host, 'sendRequest' | 'interrupted'>,
): DashboardSource {
  const base = url.pathname.endsWith('/') ? url : new URL(`${url.pathname}/`, url)
  const address = new URL('dashboard.json', base).href
  const headers = {
    accept: 'application/json',
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  }
  return {
    name: url.href,
    home: undefined,
    load: async () => {
      const answer = await host.sendRequest({
        url: address,
        reach: { kind: 'public', alsoPrivate: ['localhost', ...allowPrivate] },
        headers,
        timeoutMs,
        maxBytes: limits.upstreamBytes,
        isBodyKept: true,
        signal: host.interrupted,
      })
      host.interrupted.throwIfAborted()
      if (answer.outcome !== 'answered' || answer.status !== 200) throw toError(answer, address)
      const view = parseServedDashboard(new TextDecoder().decode(answer.body))
      if (view === undefined) throw toStranger(address)
      return view
    },
    peek: async () => undefined,
  }
}

function toStranger(address: string): NexusError {
  return new NexusError('input', `${address} answers with something that is no dashboard`, {
    hint: 'Name the address that nexus-registry serve prints',
  })
}

function toError(answer: WebAnswer, address: string): NexusError {
  const { what, hint } = explain(answer)
  return new NexusError('input', `${address} ${what}`, { hint })
}

const start = 'Start it there: nexus-registry serve'

function explain(answer: WebAnswer): { readonly what: string; readonly hint: string } {
  switch (answer.outcome) {
    case 'answered':
      return explainStatus(answer.status)
    case 'refused':
      return { what: 'does not answer: nothing listens there', hint: start }
    case 'failed':
      return { what: `does not answer: ${toCleanText(answer.reason)}`, hint: start }
    case 'timed-out':
      return { what: `did not answer within ${timeoutMs / 1000} s`, hint: start }
    case 'too-large':
      return {
        what: `answers with more than ${limits.upstreamBytes / 1024 / 1024} MiB`,
        hint: 'See what serves there',
      }
    case 'out-of-reach':
      return {
        what: 'is in a network near by, which may not be asked',
        hint: 'Name its address in network.allowPrivate of your configuration',
      }
  }
}

function explainStatus(status: number): { readonly what: string; readonly hint: string } {
  if (status === 401 || status === 403) {
    const hint = 'Name a token that it knows with --token-file or NEXUS_REGISTRY_TOKEN'
    return { what: `wants another token, or any (it answers with ${status})`, hint }
  }
  if (status >= 300 && status < 400) {
    return {
      what: `sends elsewhere (it answers with ${status}), and is not followed`,
      hint: 'Name the address that it sends to',
    }
  }
  return { what: `answers with ${status}`, hint: 'Name the address that nexus-registry serve prints' }
}
