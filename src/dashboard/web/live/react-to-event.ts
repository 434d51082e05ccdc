import { applyReadings } from '../state/apply-readings.ts'
import type { DashboardState } from '../state/dashboard-state.ts'
import { isFreshness, isFreshReadings } from './is-known-shape.ts'
import type { ServerEvent } from './parse-events.ts'

/** What an event changes at once; empty for one that says nothing of that kind. */
export function reactToEvent(event: ServerEvent, state: DashboardState): Partial<DashboardState> {
  const { view, registries } = state
  const data: unknown = event.data === '' ? undefined : JSON.parse(event.data)
  switch (event.event) {
    case 'readings':
      return view && isFreshReadings(data) ? { view: applyReadings(view, data) } : {}
    case 'freshness': {
      if (!isFreshness(data)) return {}
      const { registry, ...fresh } = data
      return { registries: registries.map(each => (each.name === registry ? { ...each, ...fresh } : each)) }
    }
    default:
      return {}
  }
}

/** Whether everything has to be loaded anew after an event. */
export function isReasonToLoad({ event }: ServerEvent): boolean {
  return event === 'change' || event === 'access' || event === 'reset'
}
