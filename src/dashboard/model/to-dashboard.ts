import { type DashboardItem, listDashboardItems } from '../../registry/dashboard-items.ts'
import type { Snapshot } from '../../registry/snapshot.ts'
import { toBrokenCards } from './broken-cards.ts'
import type { DashboardFacts } from './dashboard-facts.ts'
import type { DashboardSection, DashboardView } from './dashboard-view.ts'
import type { PlacedCard } from './placed-card.ts'
import { toCard } from './to-card.ts'

/** Titles of sections, in their order. Categories of the specification come first, then any other in the file's order. */
const titles: Readonly<Record<string, string>> = {
  container: 'Containers',
  orchestration: 'Orchestration',
  compute: 'Compute',
  ml_framework: 'ML frameworks',
  runtime: 'Runtimes',
  vcs: 'Version control',
  cloud: 'Clouds',
  iac: 'Infrastructure as code',
  utility: 'Utilities',
  tools: 'Tools',
  providers: 'Providers',
  system: 'This machine',
  orchestrator: 'Orchestrator',
}

/** What the dashboard registry says is to be shown, with what is known of it now. */
export function toDashboard(facts: DashboardFacts): DashboardView {
  const { dashboard } = facts.snapshot.registries
  const placed = [
    ...listDashboardItems(facts.snapshot).map(item => ({
      section: toSectionId(item, facts.snapshot),
      card: toCard(item, facts),
    })),
    ...toBrokenCards(dashboard),
  ]
  return {
    generated_at: new Date(facts.now).toISOString(),
    sections: toSections(placed),
    changes: facts.changes ?? [],
    troubles: listTroubles(facts.snapshot),
  }
}

function toSectionId(item: DashboardItem, { registries }: Snapshot): string {
  if (item.section === 'tools') return item.entry.category
  if (item.section === 'providers') return item.section
  const { orchestrator = {} } = registries.dashboard.content?.sections.metrics ?? {}
  return Object.hasOwn(orchestrator, item.id) ? 'orchestrator' : 'system'
}

function toSections(placed: readonly PlacedCard[]): DashboardSection[] {
  const ids = [...new Set([...Object.keys(titles), ...placed.map(({ section }) => section)])]
  return ids
    .map(id => ({
      id,
      title: (Object.hasOwn(titles, id) ? titles[id] : undefined) ?? id,
      cards: placed.filter(({ section }) => section === id).map(({ card }) => card),
    }))
    .filter(({ cards }) => cards.length > 0)
}

function listTroubles({ registries: { dashboard } }: Snapshot): string[] {
  if (dashboard.state === 'ok') return []
  if (dashboard.state === 'hidden') return ['you may not see the dashboard registry']
  const what = dashboard.state === 'missing' ? 'is missing' : 'cannot be read'
  const copy = dashboard.copy ? ': shown is its last good copy' : ''
  return [`dashboard_registry.json ${what}${copy}`]
}
