import { type JournalChange, listChanges, listStatusTimes } from '../../journal/list-changes.ts'
import { type DashboardItem, listDashboardItems } from '../../registry/dashboard-items.ts'
import { isLocalRuntime } from '../../registry/local-models.ts'
import { parseRegistryName } from '../../registry/refs.ts'
import { registryNames } from '../../registry/schema/names.ts'
import type { LoadedRegistry, Snapshot } from '../../registry/snapshot.ts'
import { toVocabulary, toWordTitle } from '../../registry/vocabulary.ts'
import type { ChangeDocument } from './change-schema.ts'
import type { Card, DashboardSection, DashboardView, GpuReading } from './dashboard-view.ts'
import { dayMs } from './describe.ts'
import { nameProblems } from './name-problems.ts'
import type { SampleBook } from './sampler.ts'
import { type DashboardFacts, toCard, toFailedCard } from './to-card.ts'
import { summarizeModels } from './to-models.ts'

/** Titles of the specification's categories. */
const categoryTitles: Readonly<Record<string, string>> = {
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
}

/** Titles of the sections below all categories, in their order. */
const otherTitles: Readonly<Record<string, string>> = {
  providers: 'Providers',
  local_inference: 'Local inference',
  system: 'This machine',
  orchestrator: 'Orchestrator',
}

/** What the dashboard registry says is to be shown, with what is known of it now. */
export function toDashboard(facts: DashboardFacts): DashboardView {
  const { sections, gpus } = toMeasuredPart(facts)
  return {
    generated_at: new Date(facts.now).toISOString(),
    sections,
    ...toOverviewPart(facts),
    hidden: registryNames.filter(name => facts.snapshot.registries[name].state === 'hidden'),
    machine: mayReadTools(facts) ? (facts.machine ?? null) : null,
    gpus,
    warnings: listFailedRegistries(facts.snapshot),
  }
}

/** The part with readings. A server compares it after each measurement, so it has no models and no journal. */
export function toMeasuredPart(facts: DashboardFacts): Pick<DashboardView, 'sections' | 'gpus'> {
  const placed = [
    ...listDashboardItems(facts.snapshot).map(item => ({
      section: toSectionId(item, facts.snapshot),
      card: toCard(item, facts),
    })),
    ...toBrokenCards(facts.snapshot.registries.dashboard),
  ]
  return {
    sections: toSections(placed, listCategories(facts.snapshot)),
    gpus: mayReadTools(facts) ? listGpus(facts.samples) : [],
  }
}

function mayReadTools({ snapshot }: Pick<DashboardFacts, 'snapshot'>): boolean {
  return snapshot.registries.tools.state !== 'hidden'
}

/** Most changes that a dashboard has. */
const mostChanges = 40

/** Problems, models and changes: what people open a dashboard for. */
function toOverviewPart({
  snapshot,
  readiness,
  journal,
  now,
}: DashboardFacts): Pick<DashboardView, 'problems' | 'models' | 'changes' | 'changes_last_day'> {
  const records = journal?.changes ?? []
  const isReadable = (ref: string) => {
    const name = parseRegistryName(ref.split('/')[0] ?? '')
    return name !== undefined && snapshot.registries[name].state !== 'hidden'
  }
  const changes = listChanges(records, { isReadable })
  return {
    problems: nameProblems(readiness?.overview.problems ?? [], snapshot, listStatusTimes(records)),
    models: summarizeModels({ snapshot, statuses: readiness?.statuses, now }),
    changes: changes.slice(0, mostChanges).map(withoutToken),
    changes_last_day: changes.filter(({ time }) => Date.parse(time) > now - dayMs).length,
  }
}

// Only the audit log has the token of a writer.
function withoutToken(change: JournalChange): ChangeDocument {
  if (change.kind === 'detected') return change
  const { token: _, ...others } = change
  return others
}

/** The GPUs that the last measurement found, each with what it did before. */
function listGpus(samples: SampleBook): GpuReading[] {
  return [...samples.values()].flatMap(found => {
    const last = found.at(-1)
    if (last?.gpu === undefined) return []
    const history = found.map(({ value }) => value)
    return [{ ...last.gpu, history, read_at: new Date(last.at).toISOString() }]
  })
}

function toSectionId(item: DashboardItem, { registries }: Snapshot): string {
  if (item.section === 'tools') return item.entry.category
  if (item.section === 'providers') {
    const providers = registries.providers.content ?? {}
    const provider = Object.hasOwn(providers, item.id) ? providers[item.id] : undefined
    return provider && isLocalRuntime(provider) ? 'local_inference' : item.section
  }
  const { orchestrator = {} } = registries.dashboard.content?.sections.metrics ?? {}
  return Object.hasOwn(orchestrator, item.id) ? 'orchestrator' : 'system'
}

/** Ids of sections with tools, in their order: the specification's, then those that the hyper registry adds. */
function listCategories({ registries }: Snapshot): string[] {
  const { categories } = toVocabulary(registries.hyper.content?.sub_registries)
  const shown = Object.values(registries.dashboard.content?.sections.tools.entries ?? {})
  const used = shown.map(({ category }) => category)
  const added = categories.filter(category => used.includes(category))
  return [...new Set([...Object.keys(categoryTitles), ...added, ...used])]
}

function toSections(placed: readonly PlacedCard[], categories: readonly string[]): DashboardSection[] {
  const ids = new Set([...categories, ...Object.keys(otherTitles), ...placed.map(({ section }) => section)])
  return [...ids]
    .map(id => ({
      id,
      title: toTitle(id),
      cards: placed.filter(({ section }) => section === id).map(({ card }) => card),
    }))
    .filter(({ cards }) => cards.length > 0)
}

function toTitle(id: string): string {
  const titles = Object.hasOwn(categoryTitles, id) ? categoryTitles : otherTitles
  return (Object.hasOwn(titles, id) ? titles[id] : undefined) ?? toWordTitle(id)
}

function listFailedRegistries({ registries: { dashboard } }: Snapshot): string[] {
  if (dashboard.state === 'ok') return []
  if (dashboard.state === 'hidden') return ['sign in to see the dashboard registry']
  const what = dashboard.state === 'missing' ? 'is missing' : 'cannot be read'
  const copy = dashboard.copy ? ': its backup is shown' : ''
  return [`dashboard_registry.json ${what}${copy}`]
}

/** Cards for entries that are broken: in their place stands what is wrong with them. */
function toBrokenCards({ quarantined, diagnostics }: LoadedRegistry<'dashboard'>): PlacedCard[] {
  return quarantined.flatMap(pointer => {
    const place = /^\/sections\/(tools|providers|metrics)\/(?:entries|system|orchestrator)\/([^/]+)$/.exec(
      pointer,
    )
    const [, section = '', escaped = ''] = place ?? []
    if (place === null) return []
    const id = escaped.replaceAll('~1', '/').replaceAll('~0', '~')
    const fault = diagnostics.find(each => each.pointer === pointer || each.pointer.startsWith(`${pointer}/`))
    const group =
      section === 'metrics' && pointer.startsWith('/sections/metrics/orchestrator')
        ? 'orchestrator'
        : 'system'
    const warning = fault && withoutPlace(fault.message, pointer)
    return [{ section: section === 'metrics' ? group : section, card: toBrokenCard(section, id, warning) }]
  })
}

// `dashboard.sections.tools.entries.docker.ui_component: expected …`: where the entry is, the card shows.
function withoutPlace(message: string, pointer: string): string {
  const place = `dashboard${pointer.replaceAll('/', '.')}`
  return message.startsWith(place) ? message.slice(place.length).replace(/^(?:\.|: )/, '') : message
}

function toBrokenCard(section: string, id: string, message = 'its entry is broken'): PlacedCard['card'] {
  return toFailedCard({ ref: `dashboard/${section}/${id}`, name: id, warning: message })
}

/** A card, and the id of the section that it stands in. */
interface PlacedCard {
  readonly section: string
  readonly card: Card
}
