import { type GraphEdge, groupBy } from '../../../graph/graph.ts'
import { compareText } from '../../../lib/text/compare.ts'
import type { DashboardProblem, DashboardView } from '../../model/dashboard-view.ts'
import { toShortModelId } from '../../model/describe.ts'
import { type GraphDocument, isExplained } from '../live/server.ts'
import { toAddress } from './address.ts'
import {
  countKinds,
  type GraphSource,
  type GraphThing,
  type LaneName,
  type LaneThing,
  laneNames,
  type NodeTone,
  readGraph,
} from './graph-things.ts'
import { emptyFilter, toModelAddress } from './model-filter.ts'

/** What of the graph is shown: what is not set up as one node per lane, only what is broken, or each thing by itself. */
export type GraphShow = 'everything' | 'broken' | 'all'

export interface GraphFilter {
  readonly show: GraphShow
  /** Ref of the node of which only what it is tied to is shown; empty for none. */
  readonly at: string
}

/** Reads a filter from the parameters of an address. What is not understood is everything. */
export function parseGraphFilter(parameters: URLSearchParams): GraphFilter {
  const show = parameters.get('show')
  return { show: show === 'broken' || show === 'all' ? show : 'everything', at: parameters.get('at') ?? '' }
}

/** The address of the graph that a filter leaves. */
export function toGraphAddress({ show, at }: GraphFilter): string {
  return toAddress('graph', { ...(at !== '' && { at }), ...(show !== 'everything' && { show }) })
}

/** A node of a lane: one thing, or a group of them. */
export interface LaneNode extends LaneThing {
  /** What else is worth knowing, in a few words; may be empty. */
  readonly note: string
  /** The first things of a group; empty for a node that is no group. */
  readonly members: readonly LaneThing[]
  /** How many more a group has. */
  readonly more: number
  /** Whether it is a group of things that have little to do with each other: the rest of a lane. */
  readonly isRest: boolean
  /** Where all models of a group are listed; null for other groups. */
  readonly href: string | null
}

export interface Lane {
  readonly name: LaneName
  readonly title: string
  readonly nodes: readonly LaneNode[]
}

/** An edge between nodes of lanes. */
export interface LaneEdge {
  readonly from: string
  readonly to: string
  readonly tone: 'good' | 'bad' | 'off'
}

/** Why something cannot work: from what is blocked to the cause. */
export interface BrokenPath {
  readonly problem: DashboardProblem
  /** How many things cannot work because of it. */
  readonly blocked: number
  readonly steps: readonly Pick<LaneThing, 'id' | 'name' | 'subject'>[]
}

/** The graph as it is drawn. */
export interface GraphLanes {
  readonly lanes: readonly Lane[]
  readonly edges: readonly LaneEdge[]
  readonly paths: readonly BrokenPath[]
  /** What `at` names; null without it, and where the graph has no such node. */
  readonly focus: LaneNode | null
}

const titles: Readonly<Record<LaneName, string>> = {
  callers: 'Callers',
  callable: 'Can be called',
  through: 'Through',
  needs: 'Needs',
}

/** Most nodes of a lane: four lanes of them can be read, and drawn at once. */
const mostNodes = 15

/** Most members that an open group shows. */
const mostMembers = 24

/** Sorts a graph into four lanes in which everything is tied to what is on its right. Groups keep it readable. */
export function toGraphLanes(
  document: GraphDocument,
  view: Pick<DashboardView, 'problems' | 'models' | 'sections'>,
  { show, at }: GraphFilter,
): GraphLanes {
  const source = readGraph(document, view)
  const tied = source.things.has(at) ? findTied(at, source.edges) : undefined
  const isShown = (thing: GraphThing) => {
    if (tied !== undefined) return tied.has(thing.id)
    return show !== 'broken' || thing.tone === 'bad' || thing.isPinned
  }
  const shown = [...source.things.values()].filter(isShown)
  // What a node is tied to is little: there each thing is worth its own node.
  const request = { isEach: show === 'all' || tied !== undefined, at }
  const lanes = laneNames.map(name => {
    const things = shown.filter(({ lane }) => lane === name)
    return limitLane(name, sortNodes(groupThings(name, things, source, request)), at)
  })
  const owners = new Map(lanes.flatMap(({ nodes }) => nodes.flatMap(node => node.all.map(id => [id, node]))))
  return {
    lanes: lanes.map(({ name, nodes }) => ({
      name,
      title: titles[name],
      nodes: nodes.map(toLaneNode),
    })),
    edges: joinEdges(source, owners),
    paths: source.broken.paths
      .filter(({ steps }) => tied === undefined || steps.some(id => tied.has(id)))
      .map(({ problem, steps, alike, blocked }) => ({
        problem,
        blocked,
        steps: steps.map((id, index) =>
          nameStep(id, { source, problem, alike: index === 0 && steps.length > 1 ? alike : 1 }),
        ),
      })),
    focus: tied === undefined ? null : toFocus(owners.get(at)),
  }
}

/** Everything that a node needs, and that needs it. */
function findTied(at: string, edges: readonly GraphEdge[]): ReadonlySet<string> {
  const down = groupBy(edges, ({ from }) => from)
  const up = groupBy(edges, ({ to }) => to)
  const below = new Set([at])
  for (const id of below) for (const { to } of down.get(id) ?? []) below.add(to)
  const above = new Set([at])
  for (const id of above) for (const { from } of up.get(id) ?? []) above.add(from)
  return new Set([...below, ...above])
}

/** A node and all things that it stands for. */
interface Grouped {
  readonly node: Omit<LaneNode, 'members' | 'more' | 'isRest'>
  readonly things: readonly GraphThing[]
  readonly order: number
  readonly isLast: boolean
}

interface GroupRequest {
  /** Whether each thing that is not set up has a node of its own. */
  readonly isEach: boolean
  readonly at: string
}

function groupThings(
  lane: LaneName,
  things: readonly GraphThing[],
  source: GraphSource,
  { isEach, at }: GroupRequest,
): Grouped[] {
  const toKey = (thing: GraphThing) => {
    const { id, kind, tone, status, provider, isPinned } = thing
    if (id === at) return id
    if (kind === 'model' && tone === 'off' && status === 'not ready') return 'retired'
    if (tone === 'off' && !isPinned && !isEach) return 'off'
    if (kind === 'unseen' && !isPinned) return 'unseen'
    return kind === 'model' ? `models ${tone} ${provider ?? ''}` : id
  }
  return [...groupBy(things, toKey)].map(([key, members]) => {
    const [first] = members
    if (first === undefined) throw new Error('a group has members')
    if (key === 'retired') return toRetired(members, source)
    if (members.length === 1) return toSingle(first)
    if (key === 'unseen') return toUnseen(members)
    return key === 'off' ? toOffGroup(lane, members) : toModelGroup(first, members, source)
  })
}

function toSingle(thing: GraphThing): Grouped {
  const { id, name, status, tone, subject, note, order } = thing
  return {
    node: { id, name, status, tone, subject, note, href: null },
    things: [thing],
    order,
    isLast: false,
  }
}

function toModelGroup(
  first: GraphThing,
  members: readonly GraphThing[],
  { retiring, models }: GraphSource,
): Grouped {
  const { provider = '', providerName, status, tone, order } = first
  const soon = members.filter(({ id }) => retiring.has(id)).length
  const id = provider.slice(provider.indexOf('/') + 1)
  const loaded = models.entries.find(model => model.provider === id && model.loaded === true)
  const words = [
    providerName,
    ...(soon > 0 ? [`${soon} ${soon === 1 ? 'retires' : 'retire'} soon`] : []),
    ...(loaded === undefined ? [] : [`${toShortModelId(loaded.id, id)} is loaded`]),
  ]
  return {
    node: {
      id: `models ${tone} ${provider}`,
      name: countKinds(members),
      status,
      tone,
      subject: null,
      note: words.join(' · '),
      href: toModelAddress({ ...emptyFilter, from: id, isAll: true }),
    },
    things: members,
    order,
    isLast: false,
  }
}

function toRetired(members: readonly GraphThing[], { models }: GraphSource): Grouped {
  return {
    node: {
      id: 'retired',
      name: countKinds(members),
      status: 'not ready',
      tone: 'off',
      subject: null,
      note: models.retired >= members.length ? 'retired' : 'cannot be called',
      href: toModelAddress({ ...emptyFilter, isAll: true }),
    },
    things: members,
    order: 0,
    isLast: true,
  }
}

function toUnseen(members: readonly GraphThing[]): Grouped {
  return {
    node: {
      id: 'unseen',
      name: countKinds(members),
      status: 'unknown',
      tone: 'unknown',
      subject: null,
      note: 'in registries that you may not read',
      href: null,
    },
    things: members,
    order: 0,
    isLast: false,
  }
}

function toOffGroup(lane: LaneName, members: readonly GraphThing[]): Grouped {
  return {
    node: {
      id: `off ${lane}`,
      name: countKinds(members),
      status: 'not set up',
      tone: 'off',
      subject: null,
      note: 'not set up',
      href: members.some(({ kind }) => kind === 'model')
        ? toModelAddress({ ...emptyFilter, isAll: true })
        : null,
    },
    things: members,
    order: 0,
    isLast: true,
  }
}

const toneRanks: Readonly<Record<NodeTone, number>> = { bad: 0, good: 1, unknown: 2, off: 3 }
const kindRanks: readonly GraphThing['kind'][] = ['model', 'provider', 'variable', 'capability', 'adapter']

/** What is broken first, groups of what is not set up last, and otherwise as the providers stand. */
function sortNodes(nodes: readonly Grouped[]): Grouped[] {
  const rankOf = ({ node, things, isLast }: Grouped) => {
    if (isLast) return 4
    return toneRanks[node.tone] - (things.some(({ isPinned }) => isPinned) ? toneRanks.off : 0)
  }
  const kindOf = ({ things: [first] }: Grouped) => {
    const rank = first === undefined ? -1 : kindRanks.indexOf(first.kind)
    return rank < 0 ? kindRanks.length : rank
  }
  return nodes.toSorted(
    (left, right) =>
      rankOf(left) - rankOf(right) ||
      kindOf(left) - kindOf(right) ||
      left.order - right.order ||
      compareText(left.node.name, right.node.name) ||
      compareText(left.node.id, right.node.id),
  )
}

/** A node with the ids of all things that it stands for. */
interface Drawn extends Grouped {
  readonly all: readonly string[]
}

/** Cuts a lane where nobody could read on. The rest is one group, and what is looked for stays. */
function limitLane(
  name: LaneName,
  nodes: readonly Grouped[],
  at: string,
): { readonly name: LaneName; readonly nodes: readonly Drawn[] } {
  const toDrawn = (grouped: Grouped): Drawn => ({ ...grouped, all: grouped.things.map(({ id }) => id) })
  if (nodes.length <= mostNodes) return { name, nodes: nodes.map(toDrawn) }
  const sorted = [
    ...nodes.filter(({ node }) => node.id === at),
    ...nodes.filter(({ node }) => node.id !== at),
  ]
  const rest = sorted.slice(mostNodes - 1)
  const things = rest.flatMap(each => each.things)
  const tone = (['bad', 'good', 'unknown', 'off'] as const).find(each =>
    things.some(thing => thing.tone === each),
  )
  const worst = things.find(thing => thing.tone === tone)
  const more: Grouped = {
    node: {
      id: `more ${name}`,
      name: `and ${things.length} more`,
      status: worst?.status ?? 'unknown',
      tone: tone ?? 'unknown',
      subject: null,
      note: countKinds(things),
      href: things.some(({ kind }) => kind === 'model')
        ? toModelAddress({ ...emptyFilter, isAll: true })
        : null,
    },
    things,
    order: 0,
    isLast: true,
  }
  return { name, nodes: [...sorted.slice(0, mostNodes - 1), more].map(toDrawn) }
}

function toLaneNode({ node, things, isLast }: Drawn): LaneNode {
  const isGroup = things.length > 1 || things[0]?.id !== node.id
  const members = isGroup ? things.slice(0, mostMembers).map(toThing) : []
  return { ...node, isRest: isLast, members, more: isGroup ? things.length - members.length : 0 }
}

function toThing({ id, name, status, tone, subject }: GraphThing): LaneThing {
  return { id, name, status, tone, subject }
}

function toFocus(drawn: Drawn | undefined): LaneNode | null {
  return drawn === undefined ? null : toLaneNode(drawn)
}

/** Edges between what is drawn, each pair once. */
function joinEdges({ edges, broken, things }: GraphSource, owners: ReadonlyMap<string, Drawn>): LaneEdge[] {
  const onPaths = new Set(
    broken.paths.flatMap(({ steps }) => steps.slice(1).map((id, index) => `${steps[index]}\0${id}`)),
  )
  const joined = new Map<string, LaneEdge>()
  for (const { from, to } of edges) {
    const [start, end] = [owners.get(from)?.node, owners.get(to)?.node]
    if (start === undefined || end === undefined || start.id === end.id) continue
    const isBad =
      things.get(from)?.tone === 'bad' && (things.get(to)?.tone === 'bad' || onPaths.has(`${from}\0${to}`))
    const tone = isBad ? 'bad' : start.tone === 'off' || end.tone === 'off' ? 'off' : 'good'
    const key = `${start.id}\0${end.id}`
    if (isBad || !joined.has(key)) joined.set(key, { from: start.id, to: end.id, tone })
  }
  // The red ones are drawn above the others.
  return [...joined.values()].toSorted(
    (left, right) => Number(left.tone === 'bad') - Number(right.tone === 'bad'),
  )
}

interface StepFacts {
  readonly source: GraphSource
  readonly problem: DashboardProblem
  readonly alike: number
}

function nameStep(id: string, { source, problem, alike }: StepFacts): BrokenPath['steps'][number] {
  const thing = source.things.get(id)
  if (thing?.kind === 'model' && alike > 1) return { id, name: `${alike} models`, subject: null }
  const name = id === problem.ref ? problem.name : (thing?.name ?? id)
  return { id, name, subject: isExplained(id) ? id : null }
}
