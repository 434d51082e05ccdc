import type { Dashboard } from '../../registry/schema/dashboard.ts'
import type { Snapshot } from '../../registry/snapshot.ts'
import type { DashboardFacts } from './dashboard-facts.ts'
import { judgeReading, type Reading } from './reading.ts'
import type { MetricSample } from './samples.ts'

export type Metric = NonNullable<Dashboard['sections']['metrics']['system']>[string]

/** What is known of a metric. Those of a cluster's card are the cluster's own, never this machine's. */
export function toReading(
  id: string,
  { snapshot, samples }: Pick<DashboardFacts, 'snapshot' | 'samples'>,
  { isCluster = false }: { readonly isCluster?: boolean } = {},
): Reading {
  const metric = findMetric(id, snapshot)
  // What a service tells is for those who may see services.
  const isHidden =
    !isCluster && metric?.source !== undefined && snapshot.registries.microservices.state === 'hidden'
  const found = (isHidden ? undefined : samples.get(`${isCluster ? 'cluster' : 'metric'}/${id}`)) ?? []
  const last = found.at(-1)
  const thresholds = {
    warning: metric?.threshold_warning ?? null,
    critical: metric?.threshold_critical ?? null,
  }
  const value = last?.value ?? null
  return {
    id,
    name: metric?.display_name ?? id,
    unit: metric?.unit ?? null,
    value,
    level: judgeReading(value, thresholds),
    reason:
      value === null ? (isHidden ? 'you may not see microservices' : explain(last, metric, isCluster)) : null,
    read_at: last === undefined ? null : new Date(last.at).toISOString(),
    history: found.map(sample => sample.value),
    threshold_warning: thresholds.warning,
    threshold_critical: thresholds.critical,
  }
}

/** The metric of an id, wherever the dashboard registry has it. */
export function findMetric(id: string, { registries }: Snapshot): Metric | undefined {
  const { system = {}, orchestrator = {} } = registries.dashboard.content?.sections.metrics ?? {}
  if (Object.hasOwn(system, id)) return system[id]
  return Object.hasOwn(orchestrator, id) ? orchestrator[id] : undefined
}

function explain(last: MetricSample | undefined, metric: Metric | undefined, isCluster: boolean): string {
  if (last !== undefined && 'reason' in last) return last.reason
  if (isCluster) return 'the cluster was not asked: --deep asks it'
  return metric === undefined ? 'no metric has this id' : 'nothing says where it comes from'
}
