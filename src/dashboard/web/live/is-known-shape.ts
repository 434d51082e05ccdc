import type { ExplanationAnswer } from '../../../readiness/explanation-2.ts'
import type { Health } from '../../../sync/health-2.ts'
import type { RegistryHealth } from '../../../sync/registry-health.ts'
import type { DashboardView } from '../../model/dashboard-view.ts'
import type { FreshReadings } from '../../model/fresh-readings.ts'

// The server holds its answers against their schemas in its tests. Here it is only asked whether they are such at all:
// something between page and server may answer in its place.

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

export function isDashboardView(value: unknown): value is DashboardView {
  return isObject(value) && [value.sections, value.changes, value.troubles].every(Array.isArray)
}

export function isHealth(value: unknown): value is Health {
  return isObject(value) && Array.isArray(value.registries)
}

export function isExplanation(value: unknown): value is ExplanationAnswer {
  return isObject(value) && Array.isArray(value.causes) && Array.isArray(value.dependents)
}

export function isFreshReadings(value: unknown): value is FreshReadings {
  return isObject(value) && Array.isArray(value.readings)
}

/** The event `freshness`. */
export function isFreshness(
  value: unknown,
): value is Omit<RegistryHealth, 'name'> & { readonly registry: string } {
  return isObject(value) && typeof value.registry === 'string' && typeof value.status === 'string'
}
