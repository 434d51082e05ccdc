import type { Readiness } from '../../graph/graph.ts'
import { compareText } from '../../lib/text/compare.ts'
import { isRetired } from '../../readiness/create-replacements.ts'
import { isLocalModel, withLocalModels } from '../../registry/local-models.ts'
import { toRef } from '../../registry/refs.ts'
import type { Model } from '../../registry/schema/model.ts'
import { entriesOf, type Snapshot } from '../../registry/snapshot.ts'
import type { DashboardModel, DashboardModels, ModelSource } from './dashboard-view.ts'
import { dayMs } from './describe.ts'

export interface ModelFacts {
  /** The registries that the viewer may read. */
  readonly snapshot: Snapshot
  /** By ref. Without it, that of every model is unknown. */
  readonly statuses: ReadonlyMap<string, Readiness> | undefined
  /** Milliseconds since 1970. */
  readonly now: number
}

/** Most models that a dashboard has in its first document. */
const mostEntries = 40

/** How far ahead retirements are listed, in milliseconds: half a year. */
const retiringMs = 183 * dayMs

/** The models in numbers, and the first of them. */
export function summarizeModels(facts: ModelFacts): DashboardModels {
  const models = listModels(facts)
  const ready = models.filter(({ readiness }) => readiness === 'ready')
  const today = toDay(facts.now)
  const retired = models.filter(model => isRetiredOn(model, today))
  const horizon = toDay(facts.now + retiringMs)
  return {
    total: models.length,
    ready: ready.length,
    not_set_up: models.filter(model => model.readiness === 'not set up' && !isRetiredOn(model, today)).length,
    retired: retired.length,
    through: listSources(ready),
    retiring: ready
      .filter(({ retires_on: end }) => end !== null && end <= horizon)
      .sort((left, right) => compareText(left.retires_on ?? '', right.retires_on ?? '')),
    entries: models.slice(0, mostEntries),
  }
}

/** All models, also those of local runtimes: those that can be called first, local ones on top. */
export function listModels({ snapshot: files, statuses, now }: ModelFacts): DashboardModel[] {
  const snapshot = withLocalModels(files)
  const providers = entriesOf(snapshot, 'providers')
  const today = toDay(now)
  const nameOf = (id: string) =>
    (Object.hasOwn(providers, id) ? providers[id]?.display_name : undefined) ?? id
  const models = Object.entries(entriesOf(snapshot, 'models')).map(([id, model]) => {
    const readiness = statuses?.get(toRef('models', id)) ?? 'unknown'
    return toModel(id, model, { readiness, providerName: nameOf(model.provider) })
  })
  // The sort is stable: otherwise they stay in the order of the file.
  return models
    .map(model => ({ model, rank: rankOf(model, today) }))
    .sort((left, right) => left.rank - right.rank)
    .map(({ model }) => model)
}

const ranks: Readonly<Record<Readiness, number>> = { ready: 1, 'not ready': 2, unknown: 3, 'not set up': 4 }

function rankOf(model: DashboardModel, today: string): number {
  if (isRetiredOn(model, today)) return 5
  return model.readiness === 'ready' && model.is_local ? 0 : ranks[model.readiness]
}

function isRetiredOn({ status, retires_on: end }: DashboardModel, today: string): boolean {
  return isRetired({ status: status ?? undefined, retires_on: end ?? undefined }, today)
}

function toModel(
  id: string,
  model: Model,
  { readiness, providerName }: { readonly readiness: Readiness; readonly providerName: string },
): DashboardModel {
  const local = isLocalModel(model) ? model : undefined
  // That of a local runtime may be null where it did not say: the type is that of entries in files.
  const context: number | null = model.context_tokens
  return {
    ref: toRef('models', id),
    id,
    provider: model.provider,
    provider_name: providerName,
    readiness,
    is_local: local !== undefined,
    context_tokens: context > 0 ? context : null,
    input_price: local ? 0 : toPrice(model.cost_per_1k_input),
    output_price: local ? 0 : toPrice(model.cost_per_1k_output),
    capabilities: model.capabilities,
    status: model.status ?? null,
    retires_on: model.retires_on ?? null,
    successor: model.successor ?? null,
    loaded: local?.loaded ?? null,
    size_bytes: local?.size_bytes ?? null,
  }
}

// The registry has prices per 1000 tokens. People compare those per million.
function toPrice(cost: number | undefined): number | null {
  return cost === undefined ? null : Number((cost * 1000).toPrecision(12))
}

function listSources(ready: readonly DashboardModel[]): ModelSource[] {
  const sources = new Map<string, ModelSource>()
  for (const { provider, provider_name: name, is_local } of ready) {
    const known = sources.get(provider)
    const count = (known?.ready ?? 0) + 1
    sources.set(provider, { ref: toRef('providers', provider), name, ready: count, is_local })
  }
  return [...sources.values()].sort((left, right) => right.ready - left.ready)
}

function toDay(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10)
}
