import { type GraphEdge, groupBy, type NodeKind, type Readiness } from '../../../graph/graph.ts'
import type { Card, DashboardView } from '../../model/dashboard-view.ts'
import { type GraphDocument, isExplained } from '../live/server.ts'
import { type Brokenness, findBroken } from './broken-paths.ts'

export const laneNames = ['callers', 'callable', 'through', 'needs'] as const

export type LaneName = (typeof laneNames)[number]

/** How a node is drawn. What is not set up is grey, and never red. */
export type NodeTone = 'good' | 'bad' | 'off' | 'unknown'

/** One thing of the graph. */
export interface LaneThing {
  readonly id: string
  readonly name: string
  readonly status: Readiness
  readonly tone: NodeTone
  /** What `explain` takes; null for what it does not know. */
  readonly subject: string | null
}

/** A thing with its place in the graph. */
export interface GraphThing extends LaneThing {
  readonly lane: LaneName
  readonly kind: NodeKind | 'variable'
  readonly note: string
  /** Ref of the provider of a model or key; undefined for all others. */
  readonly provider: string | undefined
  /** Name of that provider. */
  readonly providerName: string
  /** Things with the same order stand side by side in their lanes. */
  readonly order: number
  /** Whether it is broken or explains what is: never in a group of what is not set up. */
  readonly isPinned: boolean
}

export interface GraphSource {
  readonly things: ReadonlyMap<string, GraphThing>
  readonly edges: readonly GraphEdge[]
  readonly broken: Brokenness
  readonly retiring: ReadonlySet<string>
  readonly models: DashboardView['models']
}

type DocumentNode = GraphDocument['nodes'][number]

/** Kinds that have a lane of their own. All others are needs when something needs them. */
const laneOfKind: Partial<Record<NodeKind, LaneName>> = {
  plugin: 'callers',
  microservice: 'callers',
  model: 'callable',
  capability: 'callable',
  provider: 'through',
  adapter: 'through',
  tool: 'needs',
  ml_framework: 'needs',
}

const neededKinds: readonly NodeKind[] = ['component', 'missing', 'unseen']

/** Finds the things of a graph that have a lane, with what the dashboard knows of them. */
export function readGraph(
  document: GraphDocument,
  { problems, models, sections }: Pick<DashboardView, 'problems' | 'models' | 'sections'>,
): GraphSource {
  const nodes = new Map(document.nodes.map(node => [node.id, node]))
  const cards = new Map(
    sections.flatMap(section =>
      section.cards.flatMap(card => (card.subject === null ? [] : [[card.subject, card] as const])),
    ),
  )
  const lanes = placeNodes(document)
  const needs = document.edges.filter(({ type }) => type !== 'shows')
  const broken = findBroken({
    nodes,
    edges: needs,
    problems,
    rankOf: ({ id }) => laneNames.indexOf(lanes.get(id) ?? 'needs') + (lanes.has(id) ? 0 : 1),
  })
  // A tool may need the capability that it provides itself: that says nothing.
  const provided = new Set(
    needs.flatMap(({ from, to, type }) => (type === 'provided_by' ? `${to}\0${from}` : [])),
  )
  const edges = needs.filter(
    ({ from, to }) => lanes.has(from) && lanes.has(to) && !provided.has(`${from}\0${to}`),
  )
  const facts: GraphFacts = {
    nodes,
    cards,
    broken: broken.ids,
    pinned: findPinned(broken, edges),
    used: new Set(edges.flatMap(({ from, to }) => [from, to])),
    outgoing: groupBy(edges, ({ from }) => from),
    reasons: new Map(broken.paths.map(({ problem: { ref, reason } }) => [ref, reason])),
    orders: orderProviders(document, models),
  }
  const own = [...lanes].flatMap(([id, lane]) => {
    const node = nodes.get(id)
    return node === undefined ? [] : [toGraphThing(node, lane, facts)]
  })
  const keys = [...cards].flatMap(([ref, card]) => (nodes.has(ref) ? toKey(ref, card, facts) : []))
  return {
    things: new Map([...own, ...keys].map(thing => [thing.id, thing])),
    edges: [
      ...edges,
      ...keys.map(({ id, subject }): GraphEdge => ({ from: subject ?? '', to: id, type: 'requires' })),
    ],
    broken,
    retiring: new Set(models.retiring.map(({ ref }) => ref)),
    models,
  }
}

interface GraphFacts {
  readonly nodes: ReadonlyMap<string, DocumentNode>
  /** By what they stand for. */
  readonly cards: ReadonlyMap<string, Card>
  readonly broken: ReadonlySet<string>
  readonly pinned: ReadonlySet<string>
  /** Ids of everything that has an edge. */
  readonly used: ReadonlySet<string>
  readonly outgoing: ReadonlyMap<string, readonly GraphEdge[]>
  /** Reasons of the problems that paths end at, by ref. */
  readonly reasons: ReadonlyMap<string, string>
  readonly orders: ReadonlyMap<string, number>
}

/** What is broken, and what would do as well in its place: without it a path cannot be understood. */
function findPinned({ ids }: Brokenness, edges: readonly GraphEdge[]): ReadonlySet<string> {
  const others = edges.flatMap(({ from, to, type }) => (type === 'provided_by' && ids.has(from) ? to : []))
  return new Set([...ids, ...others])
}

function toGraphThing(node: DocumentNode, lane: LaneName, facts: GraphFacts): GraphThing {
  const { broken, pinned, used, outgoing, reasons, orders } = facts
  const { id, kind } = node
  const targets = outgoing.get(id) ?? []
  const provider = kind === 'model' ? findProvider(targets) : undefined
  return {
    id,
    lane,
    kind,
    name: toThingName(node, facts),
    status: node.status ?? 'unknown',
    tone: toTone(node, broken.has(id)),
    subject: isExplained(id) && !neededKinds.includes(kind) ? id : null,
    note: reasons.get(id) ?? describeNode(node, targets, facts),
    provider,
    providerName: nameOfProvider(provider, facts),
    order: orders.get(provider ?? id) ?? orders.size + (used.has(id) ? 0 : 1),
    isPinned: pinned.has(id),
  }
}

/** The lane of each node that has one. */
function placeNodes({ nodes, edges }: GraphDocument): ReadonlyMap<string, LaneName> {
  const lanes = new Map(
    nodes.flatMap(({ id, kind }) => (laneOfKind[kind] ? [[id, laneOfKind[kind]] as const] : [])),
  )
  const kinds = new Map(nodes.map(({ id, kind }) => [id, kind]))
  for (const { from, to, type } of edges) {
    const kind = kinds.get(to)
    // What provides a capability is a runtime: something that is used through it.
    if (type === 'provided_by' && lanes.get(to) === 'needs') lanes.set(to, 'through')
    if (kind !== undefined && neededKinds.includes(kind) && lanes.has(from) && type !== 'shows')
      lanes.set(to, 'needs')
  }
  return lanes
}

/** Kinds that people know by the name of their card. */
const labelledKinds: readonly NodeKind[] = ['tool', 'ml_framework', 'provider']
const plainKinds: readonly NodeKind[] = ['capability', 'component', 'missing', 'unseen']

function toThingName({ id, kind, label }: DocumentNode, { cards }: Pick<GraphFacts, 'cards'>): string {
  if (labelledKinds.includes(kind)) return cards.get(id)?.name ?? label
  return plainKinds.includes(kind) ? id : id.slice(id.indexOf('/') + 1)
}

/** Providers with most models that can be called come first, then those with any models. */
function orderProviders(
  { nodes, edges }: GraphDocument,
  models: DashboardView['models'],
): ReadonlyMap<string, number> {
  const used = new Set(edges.filter(({ from }) => from.startsWith('models/')).map(({ to }) => to))
  const refs = nodes.filter(({ kind }) => kind === 'provider').map(({ id }) => id)
  const sorted = [...models.through.map(({ ref }) => ref), ...refs.filter(id => used.has(id)), ...refs]
  return new Map([...new Set(sorted)].map((ref, index) => [ref, index]))
}

/** The variable with the key of a provider. Which of several is set is not known: they are one thing. */
function toKey(ref: string, { provider }: Card, { orders }: GraphFacts): GraphThing[] {
  const [name, ...others] = provider?.variables ?? []
  // That of a local runtime is an address.
  if (name === undefined || provider === null || provider.runtime !== undefined) return []
  const [status, word] = describeKey(provider.is_key_set)
  return [
    {
      id: `variable ${ref}`,
      lane: 'needs',
      kind: 'variable',
      name,
      status,
      tone: tones[status],
      subject: ref,
      note: others.length === 0 ? word : `${word}, or ${others.join(', ')}`,
      provider: undefined,
      providerName: '',
      order: orders.get(ref) ?? orders.size,
      isPinned: false,
    },
  ]
}

function describeKey(isSet: boolean | null): readonly [status: Readiness, word: string] {
  if (isSet === null) return ['unknown', 'not known']
  return isSet ? ['ready', 'set'] : ['not set up', 'not set']
}

const tones: Readonly<Record<Readiness, NodeTone>> = {
  ready: 'good',
  'not ready': 'bad',
  'not set up': 'off',
  unknown: 'unknown',
}

// A model that nothing broken blocks has retired: that is no fault.
function toTone({ kind, status }: DocumentNode, isBroken: boolean): NodeTone {
  return kind === 'model' && status === 'not ready' && !isBroken ? 'off' : tones[status ?? 'unknown']
}

const kindWords: Partial<Record<GraphThing['kind'], readonly [one: string, many: string]>> = {
  plugin: ['plug-in', 'plug-ins'],
  microservice: ['service', 'services'],
  model: ['model', 'models'],
  capability: ['capability', 'capabilities'],
  provider: ['provider', 'providers'],
  adapter: ['adapter', 'adapters'],
  tool: ['tool', 'tools'],
  ml_framework: ['framework', 'frameworks'],
  variable: ['key', 'keys'],
  missing: ['not in the registries', 'names without an entry'],
  unseen: ['in a registry that you may not read', 'hidden things'],
  component: ['component', 'components'],
}

/** Most names of what provides a capability. */
const mostProviders = 3

function describeNode(node: DocumentNode, targets: readonly GraphEdge[], facts: GraphFacts): string {
  const { id, kind } = node
  const [word = ''] = kindWords[kind] ?? []
  const card = facts.cards.get(id)
  const latency = card?.provider?.latency_ms ?? null
  if (kind === 'model') return nameOfProvider(findProvider(targets), facts)
  if (kind === 'provider' && latency !== null) return `${Math.round(latency)} ms`
  if (kind === 'capability') return describeProvided(targets, facts) || word
  return card?.facts?.version ? `${word} ${card.facts.version}` : word
}

function describeProvided(targets: readonly GraphEdge[], facts: GraphFacts): string {
  const all = targets.flatMap(({ to, type }) => (type === 'provided_by' ? (facts.nodes.get(to) ?? []) : []))
  const names = all.slice(0, mostProviders).map(node => toThingName(node, facts))
  return names.join(' or ') + (all.length > mostProviders ? ' or others' : '')
}

function findProvider(targets: readonly GraphEdge[]): string | undefined {
  return targets.find(({ to }) => to.startsWith('providers/'))?.to
}

function nameOfProvider(ref: string | undefined, facts: GraphFacts): string {
  if (ref === undefined) return 'no provider'
  const node = facts.nodes.get(ref)
  return node === undefined ? ref : toThingName(node, facts)
}

/** What a group has, by kinds: `3 providers, 2 tools`. */
export function countKinds(members: readonly GraphThing[]): string {
  return [...groupBy(members, ({ kind }) => kind)]
    .toSorted(([, left], [, right]) => right.length - left.length)
    .map(([, { length, 0: first }]) => {
      const [one, many] = (first && kindWords[first.kind]) ?? ['thing', 'things']
      return `${length} ${length === 1 ? one : many}`
    })
    .join(', ')
}
