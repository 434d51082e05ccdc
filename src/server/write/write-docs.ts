import { problem, type RouteParameter, type RouteResponse, response } from '../route.ts'

/** Responses of every write, for the description of routes. */
export const writeResponses: Readonly<Record<number, RouteResponse>> = {
  200: response('The write was made', 'WriteOutcome'),
  204: { says: 'The write was made, and the role may not read the registry', content: {} },
  403: problem('The role may not write this registry, or only admin may change access_control'),
  404: problem('There is no such registry or entry'),
  409: problem('The file cannot be used, or an upstream owns the entry'),
  412: problem('The precondition does not hold: another client has changed it'),
  422: problem('The result would be invalid, by itself or together with other registries; see diagnostics'),
  428: problem('The request has no precondition'),
  503: problem('The write cannot be made or recorded now'),
  507: problem('There is no space left on the disk'),
}

/** Further response of a write that may create something. */
export const creation: RouteResponse = response('It was created; see Location', 'WriteOutcome')

/** The preconditions of a write that may create something. */
export const ifMatch: RouteParameter = {
  name: 'If-Match',
  in: 'header',
  isRequired: false,
  says: 'ETag of the last read of what the request changes, or * for any version',
  schema: 'Text',
  example: '"4b1f0c5a9d2e7f60"',
}

export const ifNoneMatch: RouteParameter = {
  name: 'If-None-Match',
  in: 'header',
  isRequired: false,
  says: '* to create; one of the two preconditions is required',
  schema: 'Text',
  example: '*',
}
