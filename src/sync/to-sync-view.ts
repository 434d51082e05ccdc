import type { SyncReport } from '../detection/sync-report.ts'
import { toolCategories } from '../registry/schema/names.ts'
import { entriesOf, type Snapshot } from '../registry/snapshot.ts'

/** What a sync did, with what people are shown beside it. `snapshot` is from before the sync. */
export function toSyncView(report: SyncReport, snapshot: Snapshot) {
  const tools = entriesOf(snapshot, 'tools')
  const known = [...Object.values(tools), ...Object.values(entriesOf(snapshot, 'ml_frameworks'))]
  const groups = [...toolCategories, undefined].map(category => ({
    category: category ?? 'other',
    ids: Object.keys(report.detections.tools).filter(id => tools[id]?.category === category),
  }))
  return { report, toolGroups: groups, isFirst: known.every(({ detected }) => detected === undefined) }
}
