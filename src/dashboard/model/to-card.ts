import { type DashboardItem, toDashboardRef } from '../../registry/dashboard-items.ts'
import type { Detected, DetectionStatus } from '../../registry/schema/detected.ts'
import { entriesOf, type Snapshot } from '../../registry/snapshot.ts'
import type { Card, CardFacts, CardState } from './card.ts'
import type { DashboardFacts } from './dashboard-facts.ts'
import { toProviderFacts } from './provider-facts.ts'
import { toReading } from './to-reading.ts'

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
  facts: null,
  variables: [],
  readings: [],
  provider: null,
  trouble: null,
}

const states: Readonly<Record<DetectionStatus, CardState>> = {
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
    return { ...nothing, state: 'unknown', variables, readings, trouble: explainMissing(id, facts.snapshot) }
  }
  const { ref, detected } = subject
  return {
    ...nothing,
    subject: ref,
    state: detected ? states[detected.status] : 'unknown',
    facts: detected ? toFacts(detected) : null,
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
  return isHidden ? 'you may not see what it stands for' : `there is no tool or framework ${id}`
}

function toFacts({ version, path, evidence, reason, checked_at }: Detected): CardFacts {
  return { version, path, evidence, reason, checked_at }
}

function toProviderPart(
  { id, entry }: Extract<DashboardItem, { section: 'providers' }>,
  { snapshot }: DashboardFacts,
): Part {
  const providers = entriesOf(snapshot, 'providers')
  const provider = Object.hasOwn(providers, id) ? providers[id] : undefined
  if (provider === undefined) {
    const isHidden = snapshot.registries.providers.state === 'hidden'
    const trouble = isHidden ? 'you may not see providers' : `there is no provider ${id}`
    return { ...nothing, state: 'unknown', trouble }
  }
  const { detected } = provider
  return {
    ...nothing,
    subject: `providers/${id}`,
    ...toProviderFacts(provider, entry),
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
