import type { Graph } from '../graph/graph.ts'
import { toLoadedGraph } from '../graph/load-graph.ts'
import type { Host } from '../platform/host.ts'
import type { HttpRequest } from '../platform/http.ts'
import type { SnapshotReadiness } from '../readiness/evaluate-snapshot.ts'
import { type Facts, recallFacts } from '../readiness/facts.ts'
import { evaluateGraph } from '../readiness/overview.ts'
import type { RegistryHome } from '../registry/home/directories.ts'
import type { RegistryName } from '../registry/schema/names.ts'
import type { Snapshot } from '../registry/snapshot.ts'
import {
  type AccessMatrix,
  type Caller,
  readableRegistries,
  toAccessMatrix,
  toAudience,
  toVisibleSnapshot,
} from '../security/access.ts'

/** One immutable state of all registries in the server. */
export interface Revision {
  readonly snapshot: Snapshot
  readonly matrix: AccessMatrix
  /** The part that a caller may read. Callers with the same rights share a view. */
  readonly view: (caller: Caller) => View
}

/** The registries as some callers may read them, and values derived from them. */
export interface View {
  readonly snapshot: Snapshot
  readonly readable: ReadonlySet<RegistryName>
  /** Derives a value from this view once, by key. */
  readonly keep: <Made>(key: Keep<Made>, make: () => Made) => Made
}

/** The key of a value that is derived from a view once. */
export interface Keep<Made> {
  readonly made: WeakMap<View, Made>
}

export function createKeep<Made>(): Keep<Made> {
  return { made: new WeakMap() }
}

export function createRevision(snapshot: Snapshot): Revision {
  const matrix = toAccessMatrix(snapshot.registries.hyper)
  const views = new Map<string, View>()
  return {
    snapshot,
    matrix,
    view: caller => {
      const audience = toAudience(caller)
      const known = views.get(audience)
      if (known) return known
      const readable = readableRegistries(matrix, caller)
      const key = `sees ${readable.join(' ')}`
      const view = views.get(key) ?? createView(snapshot, new Set(readable))
      views.set(key, view)
      views.set(audience, view)
      return view
    },
  }
}

function createView(snapshot: Snapshot, readable: ReadonlySet<RegistryName>): View {
  const view: View = {
    snapshot: toVisibleSnapshot(snapshot, readable),
    readable,
    keep: ({ made }, make) => {
      const known = made.get(view)
      if (known !== undefined) return known
      const fresh = make()
      made.set(view, fresh)
      return fresh
    },
  }
  return view
}

/** A request with its caller and revision. */
export interface Call {
  readonly request: HttpRequest
  readonly caller: Caller
  readonly revision: Revision
  /** What the caller may read. */
  readonly view: View
}

/** A call of a route whose path names a registry. */
export interface RegistryCall extends Call {
  readonly registry: RegistryName
}

/** The readiness of everything in a snapshot, and what it was evaluated by. */
export interface EvaluatedSnapshot extends SnapshotReadiness {
  readonly graph: Graph
  readonly facts: Facts
}

const cachedReadiness = createKeep<Promise<EvaluatedSnapshot>>()

export interface EvaluationContext {
  readonly home: RegistryHome
  readonly host: Host
  /** Directory of the platform, absolute. */
  readonly platformRoot: string | undefined
}

/** The readiness of everything that a caller may read, by the last sync. Runs no probe. */
export function evaluateView(view: View, context: EvaluationContext): Promise<EvaluatedSnapshot> {
  return view.keep(cachedReadiness, () => evaluateAll(view.snapshot, context))
}

/** The readiness of everything in a snapshot, by the last sync. Runs no probe. */
export async function evaluateAll(
  files: Snapshot,
  { home, host, platformRoot }: EvaluationContext,
): Promise<EvaluatedSnapshot> {
  const { graph, snapshot } = toLoadedGraph(files, host.clock.now())
  const facts = await recallFacts({ home, snapshot, platformRoot }, host)
  return { graph, facts, ...evaluateGraph(graph, facts) }
}
