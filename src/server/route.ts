import type { HttpAnswer } from '../platform/http-answer.ts'
import type { RouteMethod } from '../platform/http-server.ts'
import type { RegistryName } from '../registry/schema/names.ts'
import type { AccessRequest } from '../security/judge-access.ts'
import type { Call, RegistryCall } from './edition.ts'
import type { RouteDocs } from './route-docs.ts'
import type { HomeServing } from './server-state.ts'
import type { Serving } from './serving.ts'

/** One thing that the server answers. */
export type Route = LightRoute | HeavyRoute

/** A route that is answered by the main thread. */
export type LightRoute = (OpenRoute | RegistryRoute) & { readonly isHeavy?: undefined }

/** A route that another thread answers when the home is large: it looks at all registries, or writes one. */
export type HeavyRoute = (OpenRoute<HomeServing> | RegistryRoute<HomeServing>) & { readonly isHeavy: true }

interface AnyRoute {
  readonly method: RouteMethod
  /** Path with `:name` where a part varies. */
  readonly path: string
  /** What it is for, a line. */
  readonly summary: string
  /** What /openapi.json and /docs say of it. */
  readonly docs: RouteDocs
}

/** A route that everybody may ask: the answer is cut down to what the caller may see. */
export interface OpenRoute<Needs = Serving> extends AnyRoute {
  readonly access: 'open'
  /** Whether it is answered at once while a large registry is being read, from what was served until now. */
  readonly isPrompt?: true
  readonly answer: (call: Call, serving: Needs) => HttpAnswer | Promise<HttpAnswer>
}

/** A route whose path names a registry, as `:registry` in any of its forms, and which wants a right to that one. */
export interface RegistryRoute<Needs = Serving> extends AnyRoute {
  readonly access: AccessRequest['action']
  /** The registry that it wants a right to when its path does not name one. */
  readonly registry?: RegistryName
  readonly answer: (call: RegistryCall, serving: Needs) => HttpAnswer | Promise<HttpAnswer>
}
