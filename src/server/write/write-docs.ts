import { answer, problem, type RouteAnswer, type RouteParameter } from '../route-docs.ts'

/** What any write may answer, for the description of routes. */
export const writeAnswers: Readonly<Record<number, RouteAnswer>> = {
  200: answer('It is done', 'WriteOutcome'),
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
export const creation: RouteAnswer = answer('It is new; Location says where', 'WriteOutcome')

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
