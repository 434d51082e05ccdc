import type { HttpRequest } from '../platform/http.ts'
import type { RegistryName } from '../registry/schema/names.ts'
import type { Snapshot } from '../registry/snapshot.ts'
import {
  type AccessMatrix,
  type Caller,
  readableRegistries,
  toAccessMatrix,
  toVisibleSnapshot,
} from '../security/access.ts'

/** All that is served between two changes of the registries. Never changed. */
export interface Revision {
  readonly snapshot: Snapshot
  readonly matrix: AccessMatrix
  /** What one caller may see of it. Callers that may see the same share a view. */
  readonly view: (caller: Caller) => View
}

/** The registries as some callers may see them, and what was made of that. */
export interface View {
  readonly snapshot: Snapshot
  readonly readable: ReadonlySet<RegistryName>
  /** What is made of this view, made once. The key says what it is. */
  readonly keep: <Made>(key: Keep<Made>, make: () => Made) => Made
}

/** Names something that is made of a view once. */
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
      const role = caller.kind === 'anonymous' ? 'anonymous' : caller.role
      const known = views.get(role)
      if (known) return known
      const readable = readableRegistries(matrix, caller)
      const key = `sees ${readable.join(' ')}`
      const view = views.get(key) ?? createView(snapshot, new Set(readable))
      views.set(key, view)
      views.set(role, view)
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

/** A request that may be answered. */
export interface Call {
  readonly request: HttpRequest
  readonly caller: Caller
  readonly revision: Revision
  /** What the caller may see. */
  readonly view: View
}

/** A call of a route whose path names a registry. */
export interface RegistryCall extends Call {
  readonly registry: RegistryName
}
