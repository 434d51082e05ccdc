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

/** Whether requests may find out whether a provider answers: its card may say `health_check: false`. */
export function isHealthChecked(id: string, { registries }: Pick<Snapshot, 'registries'>): boolean {
  return shownProviderOf(id, registries)?.health_check ?? true
}

/** Where `serve` answers with the health of a provider: the path that its card names, or the usual one. */
export function statusEndpointOf(id: string, { registries }: Pick<Snapshot, 'registries'>): string {
  return shownProviderOf(id, registries)?.status_endpoint ?? usualEndpoint(id)
}

/** Where `serve` answers with the health of a provider whose card names no path. */
export function usualEndpoint(id: string): string {
  return `/health/${encodeURIComponent(id)}`
}

/** Id of the provider whose card names this path as its `status_endpoint`. */
export function findByStatusEndpoint(
  path: string,
  { registries }: Pick<Snapshot, 'registries'>,
): string | undefined {
  const shown = Object.entries(registries.dashboard.content?.sections.providers.entries ?? {})
  return shown.find(([, entry]) => entry.status_endpoint === path)?.[0]
}

function shownProviderOf(id: string, registries: Snapshot['registries']): DashboardProvider | undefined {
  const entries = registries.dashboard.content?.sections.providers.entries ?? {}
  return Object.hasOwn(entries, id) ? entries[id] : undefined
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
