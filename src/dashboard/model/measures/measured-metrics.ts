import { type DashboardItem, listDashboardItems } from '../../../registry/dashboard-items.ts'
import type { Snapshot } from '../../../registry/snapshot.ts'

type MetricItem = Extract<DashboardItem, { section: 'metrics' }>

/** The metrics of the dashboard registry. Of an id that stands in both groups the first counts, as it does on cards. */
export function listMetrics(snapshot: Snapshot): MetricItem[] {
  const items = listDashboardItems(snapshot).filter(item => item.section === 'metrics')
  return items.filter(({ id }, index) => items.findIndex(other => other.id === id) === index)
}

/** Those that this machine is measured for: a source says otherwise. */
export function listMeasuredMetrics(snapshot: Snapshot): MetricItem[] {
  return listMetrics(snapshot).filter(({ entry }) => entry.source === undefined)
}
