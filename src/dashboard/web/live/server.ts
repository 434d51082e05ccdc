import type { GraphEdge, GraphNode } from '../../../graph/graph.ts'
import type { ExplanationDocument } from '../../../readiness/explanation-schema.ts'
import { subRegistryNames } from '../../../registry/schema/names.ts'
import type { Health, RegistryHealth } from '../../../sync/health-schema.ts'
import type { ChangeDocument } from '../../model/change-schema.ts'
import type { DashboardModel, DashboardView, FreshReadings } from '../../model/dashboard-view.ts'

/** What the page asks its server. */
export interface Server {
  /** A document in JSON. Rejects with a `Refused` where the server says no. */
  readonly load: (path: string) => Promise<unknown>
  readonly loadText: (path: string) => Promise<string>
  /** Hears events until the stream ends. Rejects when it cannot be opened, and when it breaks. */
  readonly listen: (request: ListenRequest) => Promise<void>
}

export interface ListenRequest {
  /** Id of the last event that was heard; empty for none. */
  readonly lastId: string
  readonly signal: AbortSignal
  readonly onOpen: () => void
  /** Called for every sign of life. */
  readonly onHeard: () => void
  readonly onEvent: (event: DashboardEvent) => void
}

/** The server says no. */
export class Refused extends Error {
  override readonly name = 'Refused'
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** An event as a server sent it. */
export interface DashboardEvent {
  /** The last id that came with it or before it; empty before the first. */
  readonly id: string
  readonly event: string
  readonly data: string
}

/** Longest event that is put together, in characters: a server that never ends one is not waited for. */
const longestEvent = 8_000_000

/** Puts events together from pieces of a stream, as the standard for server-sent events says. Throws for one without end. */
export function createEventParser(): (piece: string) => readonly DashboardEvent[] {
  let [rest, id] = ['', '']
  const parseBlock = (block: string): DashboardEvent[] => {
    const fields = block
      .split('\n')
      .filter(line => !line.startsWith(':'))
      .map(toField)
    id = fields.findLast(([name]) => name === 'id')?.[1] ?? id
    const data = fields.filter(([name]) => name === 'data').map(([, value]) => value)
    const event = fields.findLast(([name]) => name === 'event')?.[1] ?? 'message'
    return [{ id, event: data.length === 0 ? '' : event, data: data.join('\n') }]
  }
  return piece => {
    // A return at the end may be half of a line break.
    const text = (rest + piece).replace(/\r\n|\r(?!$)/g, '\n')
    const blocks = text.split('\n\n')
    rest = blocks.pop() ?? ''
    if (rest.length > longestEvent) throw new Error('an event has no end')
    return blocks.flatMap(parseBlock)
  }
}

function toField(line: string): readonly [string, string] {
  const colon = line.indexOf(':')
  return colon < 0 ? [line, ''] : [line.slice(0, colon), line.slice(colon + 1).replace(/^ /, '')]
}

// The server holds its answers against their schemas in its tests. Here it is only asked whether they are such at all:
// something between page and server may answer in its place.

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

export function isDashboardView(value: unknown): value is DashboardView {
  if (!isObject(value) || !isObject(value.models)) return false
  return [value.sections, value.problems, value.changes, value.warnings, value.gpus].every(Array.isArray)
}

export function isModelList(value: unknown): value is readonly DashboardModel[] {
  return Array.isArray(value) && value.every(each => isObject(each) && typeof each.ref === 'string')
}

export function isChangeList(value: unknown): value is readonly ChangeDocument[] {
  return Array.isArray(value) && value.every(each => isObject(each) && typeof each.ref === 'string')
}

export function isHealth(value: unknown): value is Health {
  return isObject(value) && Array.isArray(value.registries)
}

export function isExplanation(value: unknown): value is ExplanationDocument {
  return isObject(value) && Array.isArray(value.causes) && Array.isArray(value.dependents)
}

/** The response of `GET /graph.json`. */
export interface GraphDocument {
  readonly nodes: readonly Omit<GraphNode, 'description'>[]
  readonly edges: readonly GraphEdge[]
}

export function isGraphDocument(value: unknown): value is GraphDocument {
  if (!isObject(value) || !Array.isArray(value.nodes) || !Array.isArray(value.edges)) return false
  return value.nodes.every(each => isObject(each) && typeof each.id === 'string')
}

export function isFreshReadings(value: unknown): value is FreshReadings {
  return isObject(value) && Array.isArray(value.readings)
}

/** The event `freshness`. */
export function isFreshness(
  value: unknown,
): value is Omit<RegistryHealth, 'name'> & { readonly registry: string } {
  return isObject(value) && typeof value.registry === 'string' && typeof value.status === 'string'
}

/** Whether the server explains what a ref names: entries of the registries, and nothing else. */
export function isExplained(ref: string): boolean {
  return subRegistryNames.some(name => ref.startsWith(`${name}/`))
}
