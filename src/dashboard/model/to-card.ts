import type { JournalRecords } from '../../journal/journal.ts'
import type { RecalledOverview } from '../../readiness/explain.ts'
import type { ReadinessCondition, ReadinessFix } from '../../readiness/readiness.ts'
import { type DashboardItem, toDashboardRef } from '../../registry/dashboard-items.ts'
import { isLocalRuntime } from '../../registry/local-models.ts'
import type { Variable } from '../../registry/refs.ts'
import type { Dashboard } from '../../registry/schema/dashboard.ts'
import type { Detected, DetectionStatus } from '../../registry/schema/detected.ts'
import { entriesOf, type Snapshot } from '../../registry/snapshot.ts'
import {
  type Amount,
  type Card,
  type CardFacts,
  type CardState,
  evaluateReading,
  hiddenReason,
  type MachineFacts,
  type Reading,
  statesByReadiness,
} from './dashboard-view.ts'
import { toHostedPart } from './hosted-card.ts'
import { toRuntimePart } from './runtime-card.ts'
import type { MetricSample, SampleBook } from './sampler.ts'

/** An entry of the dashboard, with what is known of what it stands for. */
export function toCard(item: DashboardItem, facts: DashboardFacts): Card {
  const { entry } = item
  const common = {
    ref: toDashboardRef(item.section, item.id),
    component: entry.ui_component,
    name: entry.display_name,
    icon: entry.icon ?? null,
    description: entry.description ?? null,
  }
  switch (item.section) {
    case 'tools':
      return { ...common, ...toToolPart(item, facts) }
    case 'providers':
      return { ...common, ...toProviderPart(item, facts) }
    case 'metrics':
      return { ...common, ...nothing, readings: [toReading(item.id, facts)] }
  }
}

type Part = Omit<Card, 'ref' | 'component' | 'name' | 'icon' | 'description'>

const nothing: Part = {
  subject: null,
  state: null,
  has_indicator: true,
  facts: null,
  variables: [],
  readings: [],
  provider: null,
  fix: null,
  warning: null,
}

const statesByDetection: Readonly<Record<DetectionStatus, CardState>> = {
  present: 'on',
  absent: 'off',
  broken: 'broken',
  unknown: 'unknown',
}

function toToolPart(
  { id, entry }: Extract<DashboardItem, { section: 'tools' }>,
  facts: DashboardFacts,
): Part {
  const isCluster = entry.ui_component === 'cluster_status_card'
  const readings = (entry.metrics ?? []).map(metric => toReading(metric, facts, { isCluster }))
  const names = [entry.env_var, entry.secondary_env, ...(entry.env_vars ?? [])].filter(
    name => name !== undefined,
  )
  const variables = names.map(name => ({
    name,
    value: facts.variables.find(variable => variable.name === name)?.value ?? null,
  }))
  const subject = findSubject(id, facts.snapshot)
  if (subject === undefined) {
    return { ...nothing, state: 'unknown', variables, readings, warning: explainMissing(id, facts.snapshot) }
  }
  const { ref, detected } = subject
  return {
    ...nothing,
    has_indicator: entry.status_indicator ?? true,
    subject: ref,
    state: toToolState(ref, detected, facts),
    facts: detected ? toFacts(detected, conditionOf(ref, facts)) : null,
    fix: toFix(ref, facts),
    variables,
    readings,
  }
}

function findSubject(
  id: string,
  snapshot: Snapshot,
): { readonly ref: string; readonly detected: Detected | undefined } | undefined {
  for (const registry of ['tools', 'ml_frameworks'] as const) {
    const entries = entriesOf(snapshot, registry)
    const entry = Object.hasOwn(entries, id) ? entries[id] : undefined
    if (entry) return { ref: `${registry}/${id}`, detected: entry.detected }
  }
  return undefined
}

function explainMissing(id: string, { registries }: Snapshot): string {
  const isHidden = registries.tools.state === 'hidden' || registries.ml_frameworks.state === 'hidden'
  return isHidden ? 'sign in to see what it stands for' : `there is no tool or framework ${id}`
}

// A tool that is here may be too old.
function toToolState(
  ref: string,
  detected: Detected | undefined,
  { readiness }: Pick<DashboardFacts, 'readiness'>,
): CardState {
  if (detected === undefined) return 'unknown'
  const status = readiness?.statuses.get(ref)
  return status === undefined ? statesByDetection[detected.status] : statesByReadiness[status]
}

function conditionOf(
  ref: string,
  { readiness }: Pick<DashboardFacts, 'readiness'>,
): ReadinessCondition | undefined {
  return readiness?.statuses.has(ref) ? readiness.conditionOf(ref) : undefined
}

function toFix(ref: string, facts: Pick<DashboardFacts, 'readiness'>): ReadinessFix | null {
  const condition = conditionOf(ref, facts)
  return condition === undefined || condition.status === 'ready' ? null : condition.fix
}

function toFacts(
  { version, path, evidence, reason, checked_at }: Detected,
  condition: ReadinessCondition | undefined,
): CardFacts {
  const own = condition === undefined || condition.status === 'ready' ? null : condition.reason
  return { version, path, evidence, reason: reason ?? own, checked_at }
}

function toProviderPart(
  { id, entry }: Extract<DashboardItem, { section: 'providers' }>,
  facts: DashboardFacts,
): Part {
  const { snapshot, readiness } = facts
  const providers = entriesOf(snapshot, 'providers')
  const provider = Object.hasOwn(providers, id) ? providers[id] : undefined
  if (provider === undefined) {
    const isHidden = snapshot.registries.providers.state === 'hidden'
    const warning = isHidden ? 'sign in to see providers' : `there is no provider ${id}`
    return { ...nothing, state: 'unknown', warning }
  }
  const subject = `providers/${id}`
  if (isLocalRuntime(provider))
    return {
      ...nothing,
      subject,
      fix: toFix(subject, facts),
      ...toRuntimePart(provider, entry.capabilities ?? [], snapshot),
    }
  const { detected } = provider
  return {
    ...nothing,
    subject,
    fix: toFix(subject, facts),
    ...toHostedPart(
      { id, provider, entry, readiness: readiness?.statuses.get(subject) ?? 'unknown' },
      { snapshot, latencies: facts.journal?.latencies ?? [], now: facts.now },
    ),
    facts: detected
      ? {
          version: null,
          path: null,
          evidence: null,
          reason: detected.reason,
          checked_at: detected.checked_at,
        }
      : null,
  }
}

/** What a dashboard is made of. */
export interface DashboardFacts {
  /** The registries that the viewer may read. */
  readonly snapshot: Snapshot
  readonly samples: SampleBook
  /** What shells have. */
  readonly variables: readonly Variable[]
  /** Without it, that of every provider and model is unknown. */
  readonly readiness?: Pick<RecalledOverview, 'statuses' | 'conditionOf' | 'overview'> | undefined
  /** Milliseconds since 1970. */
  readonly now: number
  /** What the journal of the home has. */
  readonly journal?: JournalRecords | undefined
  /** This machine; undefined where nobody asked. */
  readonly machine?: MachineFacts | undefined
}

type Metric = NonNullable<Dashboard['sections']['metrics']['system']>[string]

/** What is known of a metric. Those of a cluster's card are the cluster's own, never this machine's. */
function toReading(
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
  const reason = isHidden ? hiddenReason : explain(last, metric, isCluster)
  return {
    id,
    name: metric?.display_name ?? id,
    unit: metric?.unit ?? null,
    value,
    amount: toAmount(last),
    level: evaluateReading(value, thresholds),
    reason: value === null ? reason : null,
    read_at: last === undefined ? null : new Date(last.at).toISOString(),
    history: found.map(sample => sample.value),
    threshold_warning: thresholds.warning,
    threshold_critical: thresholds.critical,
  }
}

function toAmount(last: MetricSample | undefined): Amount | null {
  return last === undefined || last.value === null ? null : (last.amount ?? null)
}

/** The metric of an id, wherever the dashboard registry has it. */
export function findMetric(id: string, { registries }: Snapshot): Metric | undefined {
  const { system = {}, orchestrator = {} } = registries.dashboard.content?.sections.metrics ?? {}
  if (Object.hasOwn(system, id)) return system[id]
  return Object.hasOwn(orchestrator, id) ? orchestrator[id] : undefined
}

function explain(last: MetricSample | undefined, metric: Metric | undefined, isCluster: boolean): string {
  if (last !== undefined && 'reason' in last) return last.reason
  if (isCluster) return 'cluster not queried (use --deep)'
  return metric === undefined ? 'no metric has this id' : 'nothing says where it comes from'
}

/** A card of which nothing can be shown but its name and what is wrong, a sentence. */
export function toFailedCard({ ref, name, warning }: Pick<Card, 'ref' | 'name' | 'warning'>): Card {
  return {
    ref,
    subject: null,
    component: null,
    name,
    icon: null,
    description: null,
    state: null,
    has_indicator: true,
    facts: null,
    variables: [],
    readings: [],
    provider: null,
    fix: null,
    warning,
  }
}
