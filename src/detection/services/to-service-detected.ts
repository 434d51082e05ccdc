import type { ServiceDetected } from '../../registry/schema/detected.ts'
import type { ServiceLook } from './look-at-services.ts'

/** What the file says of a service. `percentiles` are in milliseconds, by address. */
export function toServiceDetected(
  { health, address, checkedAt }: ServiceLook,
  percentiles: ReadonlyMap<string, number>,
): ServiceDetected {
  const percentile = address === undefined ? undefined : percentiles.get(address)
  return {
    status: health.status,
    latency_ms: health.latencyMs,
    ...(percentile === undefined ? {} : { latency_p95_ms: percentile }),
    reason: health.status === 'up' ? null : health.reason,
    checked_at: new Date(checkedAt).toISOString(),
  }
}
