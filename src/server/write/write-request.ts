import type { HttpRequest } from '../../platform/http.ts'
import type { RegistryName } from '../../registry/schema/names.ts'
import type { Caller } from '../../security/access.ts'
import { isExpectedTag, isKnownTag } from '../bodies.ts'
import { problem, type RouteParameter, type RouteResponse, response } from '../route.ts'

/** What any write may answer, for the description of routes. */
export const writeResponses: Readonly<Record<number, RouteResponse>> = {
  200: response('It is done', 'WriteOutcome'),
  204: { says: 'It is done, and the role may not read the registry', content: {} },
  403: problem('The role may not write this registry, or not access_control, which is for admin alone'),
  404: problem('There is no such registry or entry'),
  409: problem('The file cannot be used, or an upstream has the last word on it'),
  412: problem('It is not what the precondition says: somebody else has changed it'),
  422: problem('It would not be valid, by itself or together with the others; diagnostics says where'),
  428: problem('There is no precondition'),
  503: problem('It cannot be made or recorded now'),
  507: problem('There is no space left for it'),
}

/** Further answers of a write that may create something. */
export const creation: RouteResponse = response('It is new; Location says where', 'WriteOutcome')

/** The precondition of a write that may create something. */
export const ifMatch: RouteParameter = {
  name: 'If-Match',
  in: 'header',
  isRequired: false,
  says: 'ETag of what is to be changed, as it was last read, or * for whatever is there',
  schema: 'Text',
  example: '"4b1f0c5a9d2e7f60"',
}

export const ifNoneMatch: RouteParameter = {
  name: 'If-None-Match',
  in: 'header',
  isRequired: false,
  says: '* when there has to be nothing yet; one of the two preconditions is required',
  schema: 'Text',
  example: '*',
}

/** What somebody wants to write, and who that is. */
export interface WriteRequest {
  readonly registry: RegistryName
  readonly change: Change
  readonly precondition: Precondition
  readonly caller: Caller
  /** Registries that the caller may read: of others nothing is told. */
  readonly readable: ReadonlySet<RegistryName>
}

/** What is to become of a registry. `value` is JSON as it came. */
export type Change =
  | { readonly kind: 'document'; readonly value: unknown }
  | { readonly kind: 'put' | 'patch'; readonly id: string; readonly value: unknown }
  | { readonly kind: 'delete'; readonly id: string }

/** Whether the writer may read what he writes. */
export function isReader({ registry, readable }: WriteRequest): boolean {
  return readable.has(registry)
}

/** What a writer has seen before he writes (RFC 9110, 13.1). */
interface Precondition {
  readonly ifMatch: string | undefined
  readonly ifNoneMatch: string | undefined
}

/** What a write would change. */
export interface Target {
  /** Whether there is something. */
  readonly isThere: boolean
  /** Whether readers get something. */
  readonly isShown: boolean
  /** Tag of what readers get; undefined for what is there and broken. */
  readonly etag: string | undefined
}

/** Reads what has to hold; undefined when nothing has been said that would keep another one's change. */
export function parsePrecondition(request: HttpRequest): Precondition | undefined {
  const [ifMatch, ifNoneMatch] = [request.header('if-match'), request.header('if-none-match')]
  return ifMatch === undefined && ifNoneMatch?.trim() !== '*' ? undefined : { ifMatch, ifNoneMatch }
}

/** Whether it holds for what is there. */
export function isMet({ ifMatch, ifNoneMatch }: Precondition, target: Target): boolean {
  const { isThere, isShown, etag = '' } = target
  if (ifMatch !== undefined && !(isThere && isExpectedTag(ifMatch, etag))) return false
  return ifNoneMatch === undefined || !isShown || !isKnownTag(ifNoneMatch, etag)
}
