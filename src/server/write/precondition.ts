import type { HttpRequest } from '../../platform/http-request.ts'
import { isExpectedTag, isKnownTag } from '../entity-tag.ts'

/** What a writer has seen before he writes (RFC 9110, 13.1). */
export interface Precondition {
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
