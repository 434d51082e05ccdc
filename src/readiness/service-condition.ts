import type { ServiceHealth } from '../detection/services/ask-service.ts'
import { type Condition, notReady, ready, unknown } from './condition.ts'

/** A service that is up is ready; of one that cannot be asked nobody knows. */
export function toServiceCondition(health: ServiceHealth): Condition {
  if (health.status === 'up') return ready()
  const { reason, hint } = health
  return health.status === 'down' ? notReady(reason, hint) : unknown(reason, hint)
}
