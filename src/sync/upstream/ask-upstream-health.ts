import { isJsonObject } from '../../lib/json/json-value.ts'
import { limits } from '../../lib/limits.ts'
import type { Host } from '../../platform/host.ts'
import type { Reach, WebAnswer } from '../../platform/web-request.ts'
import { type SyncState, upstreamHealths } from '../../registry/sync-state.ts'
import { type UpstreamSource, upstreamHealthAddressOf } from '../../registry/upstream-source.ts'
import { toRequestHeaders } from './bearer-token.ts'

export type UpstreamHealth = NonNullable<SyncState['upstream_health']>

export interface HealthQuestion {
  /** What has been answered by now, or a moment later: nothing waits for more. */
  settle(): Promise<UpstreamHealth>
}

interface HealthRequest extends UpstreamSource {
  readonly reach: Reach
  readonly token: string | undefined
  /** Deadline, in milliseconds, should everything else take longer. */
  readonly timeoutMs: number
}

/** Time for an answer that is on its way when everything else is done, in milliseconds. */
const graceMs = 100

/** Asks an upstream how it judges its registry itself. Begins at once, beside everything else. */
export function askUpstreamHealth(
  { name, url, reach, token, timeoutMs }: HealthRequest,
  host: Pick<Host, 'sendRequest' | 'interrupted' | 'clock'>,
): HealthQuestion {
  const enough = new AbortController()
  const stop = () => enough.abort()
  host.interrupted.addEventListener('abort', stop, { once: true })
  const answer = host.sendRequest({
    url: upstreamHealthAddressOf({ name, url }),
    reach,
    timeoutMs,
    maxBytes: limits.healthBytes,
    isBodyKept: true,
    signal: enough.signal,
    headers: toRequestHeaders(token),
  })
  return {
    settle: async () => {
      const timer = new AbortController()
      const grace = host.clock.sleep(graceMs, timer.signal).then(stop, () => undefined)
      const health = judgeHealth(await answer)
      timer.abort()
      await grace
      host.interrupted.removeEventListener('abort', stop)
      return health
    },
  }
}

function judgeHealth(answer: WebAnswer): UpstreamHealth {
  if (answer.outcome !== 'answered' || answer.status === 404) return 'unknown'
  const said = readStatus(answer.body)
  if (said !== undefined) return said
  return answer.status >= 500 ? 'failed' : 'unknown'
}

function readStatus(body: Uint8Array): UpstreamHealth | undefined {
  try {
    const document: unknown = JSON.parse(new TextDecoder().decode(body))
    return isJsonObject(document) ? upstreamHealths.find(health => health === document.status) : undefined
  } catch {
    return undefined
  }
}
