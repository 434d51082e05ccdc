import type { Dashboard } from './schema/dashboard.ts'
import type { Snapshot } from './snapshot.ts'

type Sections = Dashboard['sections']
type DashboardTool = Sections['tools']['entries'][string]
type DashboardProvider = Sections['providers']['entries'][string]
type DashboardMetric = NonNullable<Sections['metrics']['system']>[string]

/** One thing that the dashboard shows, with its ref: the sections may use the same ids. */
export type DashboardItem = { readonly ref: string; readonly id: string } & (
  | { readonly section: 'tools'; readonly entry: DashboardTool }
  | { readonly section: 'providers'; readonly entry: DashboardProvider }
  | { readonly section: 'metrics'; readonly entry: DashboardMetric }
)

/** Everything that the dashboard shows, in the order of the file. */
export function listDashboardItems({ registries }: Pick<Snapshot, 'registries'>): DashboardItem[] {
  const sections = registries.dashboard.content?.sections
  if (sections === undefined) return []
  const { system = {}, orchestrator = {} } = sections.metrics
  return [
    ...toItems(sections.tools.entries, 'tools' as const),
    ...toItems(sections.providers.entries, 'providers' as const),
    ...toItems(system, 'metrics' as const),
    ...toItems(orchestrator, 'metrics' as const),
  ]
}

/** Ref of something that the dashboard shows: `dashboard/metrics/cpu_usage`. */
export function toDashboardRef(section: DashboardItem['section'], id: string): string {
  return `dashboard/${section}/${id}`
}

function toItems<Entry, Section extends DashboardItem['section']>(
  entries: Readonly<Record<string, Entry>>,
  section: Section,
) {
  return Object.entries(entries).map(([id, entry]) => ({
    ref: toDashboardRef(section, id),
    id,
    section,
    entry,
  }))
}
