import type { Registry } from 'prom-client'
import { detectedRegistryNames } from '../../registry/schema/names.ts'
import { entriesOf, type Snapshot } from '../../registry/snapshot.ts'
import type { RegistrySyncStatus } from '../../sync/status.ts'

export interface RegistryFacts {
  /** Some registries may be hidden: they have no metrics. */
  readonly snapshot: Snapshot
  /** Of the visible registries. */
  readonly statuses: readonly RegistrySyncStatus[]
}

/** A value with its labels. */
interface Sample {
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

interface Measure {
  readonly name: string
  readonly help: string
  readonly labelNames: readonly string[]
  readonly take: (facts: RegistryFacts) => readonly Sample[]
}

/** Adds the current metrics of the registries. */
export async function addRegistryMetrics(register: Registry, facts: RegistryFacts): Promise<void> {
  const { Gauge } = await import('prom-client')
  for (const { name, help, labelNames, take } of measures) {
    const gauge = new Gauge({ name, help, labelNames, registers: [register] })
    for (const { labels, value } of take(facts)) gauge.set(labels, value)
  }
}

const measures: readonly Measure[] = [
  {
    name: 'nexus_registry_entries',
    help: 'Valid entries of a registry.',
    labelNames: ['registry'],
    take: byStatus(({ entries }) => entries),
  },
  {
    name: 'nexus_registry_entries_expected',
    help: 'Entries that a registry is expected to have.',
    labelNames: ['registry'],
    take: facts =>
      facts.snapshot.registries.hyper.state === 'hidden'
        ? []
        : byStatus(status => status.entries_count_expected)(facts),
  },
  {
    name: 'nexus_registry_entries_broken',
    help: 'Entries of a registry that are left out because they are broken.',
    labelNames: ['registry'],
    take: byStatus(({ broken }) => broken.length),
  },
  {
    name: 'nexus_registry_age_seconds',
    help: 'Time since a registry was last synced; below zero when the clock was set back.',
    labelNames: ['registry'],
    take: byStatus(({ age_seconds }) => age_seconds),
  },
  {
    name: 'nexus_registry_fresh',
    help: 'Whether a registry is fresh (1), or stale, failed, missing or never synced (0).',
    labelNames: ['registry'],
    take: byStatus(({ freshness }) => Number(freshness === 'fresh')),
  },
  {
    name: 'nexus_registry_sync_failures',
    help: 'Attempts in a row to bring a registry up to date that failed.',
    labelNames: ['registry'],
    take: byStatus(({ consecutive_failures }) => consecutive_failures),
  },
  {
    name: 'nexus_registry_capability',
    help: 'Whether a tool or framework was found on this machine (1) or not (0), of those that were probed.',
    labelNames: ['id', 'registry'],
    take: ({ snapshot }) => detectedRegistryNames.flatMap(registry => listCapabilities(registry, snapshot)),
  },
  {
    name: 'nexus_registry_service_up',
    help: 'Whether a service is up (1) or not (0), of those that were probed.',
    labelNames: ['id'],
    take: ({ snapshot }) =>
      Object.entries(entriesOf(snapshot, 'microservices')).flatMap(([id, { detected }]) =>
        detected === undefined || detected.status === 'unknown'
          ? []
          : [{ labels: { id }, value: Number(detected.status === 'up') }],
      ),
  },
  {
    name: 'nexus_registry_provider_configured',
    help: 'Whether a provider is configured (1) or not (0), of those that were probed.',
    labelNames: ['id'],
    take: ({ snapshot }) =>
      Object.entries(entriesOf(snapshot, 'providers')).flatMap(([id, { detected }]) =>
        detected ? [{ labels: { id }, value: Number(detected.status === 'configured') }] : [],
      ),
  },
]

/** An unknown value has no sample: 0 would be a value. */
function byStatus(measure: (status: RegistrySyncStatus) => number | null): Measure['take'] {
  return ({ statuses }) =>
    statuses.flatMap(status => {
      const value = measure(status)
      return value === null ? [] : [{ labels: { registry: status.registry }, value }]
    })
}

function listCapabilities(registry: (typeof detectedRegistryNames)[number], snapshot: Snapshot): Sample[] {
  return Object.entries(entriesOf(snapshot, registry)).flatMap(([id, { detected }]) =>
    detected ? [{ labels: { id, registry }, value: Number(detected.status === 'present') }] : [],
  )
}
