import type { JsonSchema } from '../../registry/schema/to-json-schema.ts'
import type { Route } from '../route.ts'
import { problem, type RouteAnswer, type RouteContent } from '../route-docs.ts'
import type { ApiSchemaName } from '../schema/index.ts'
import type { Content, Response } from './open-api.ts'

/** All that a route may answer, by status: what it says itself, and what any route may. */
export function toResponses({ access, docs }: Pick<Route, 'access' | 'docs'>): Record<string, Response> {
  const answers = { ...toUsualAnswers(access), ...docs.answers }
  const hasTags = 304 in docs.answers || 412 in docs.answers
  const told = Object.entries(answers).map(([status, answer]): [string, Response] => [
    status,
    toResponse(answer, listHeaders(Number(status), hasTags)),
  ])
  return { ...Object.fromEntries(told), default: toResponse(otherTrouble, ['Retry-After', 'Allow']) }
}

/** Schemas by media type; of several schemas it is any one. */
export function toContent(content: RouteContent): Content {
  return Object.fromEntries(
    Object.entries(content).map(([type, names]) => {
      const [first, ...others] = names.map(toReference)
      return [type, { schema: others.length === 0 && first ? first : { anyOf: names.map(toReference) } }]
    }),
  )
}

export function toReference(name: ApiSchemaName): JsonSchema {
  return { $ref: `#/components/schemas/${name}` }
}

const foreign = 'the server is asked under a name that is not its own, or by a page of another server'

function toUsualAnswers(access: Route['access']): Readonly<Record<number, RouteAnswer>> {
  if (access === 'open')
    return { 401: problem('The token does not hold'), 403: problem(`Forbidden: ${foreign}`) }
  return {
    401: problem('A token is needed, or the token does not hold'),
    403: problem(`The role of the token does not suffice; or ${foreign}`),
    404: problem('There is no such registry'),
  }
}

const otherTrouble = problem(
  'What else may be wrong with a call: 400 it cannot be read, 405 the method, 408 it took too long, 413 its body is too large, ' +
    '414 its address, 431 its headers, 415 its type, 429 there were too many, 500 a defect of the server',
)

const headers = {
  ETag: 'Strong tag of what is answered: for If-None-Match and If-Match',
  'WWW-Authenticate': 'How to sign in, and what is wrong with the token',
  'Retry-After': 'With 429: seconds to wait',
  Allow: 'With 405: methods that there are',
} as const

function listHeaders(status: number, hasTags: boolean): (keyof typeof headers)[] {
  if (status === 401) return ['WWW-Authenticate']
  return hasTags && (status === 200 || status === 201 || status === 304) ? ['ETag'] : []
}

function toResponse({ says, content }: RouteAnswer, names: readonly (keyof typeof headers)[]): Response {
  const told = names.map(name => [name, { description: headers[name], schema: { type: 'string' } }])
  return {
    description: says,
    ...(names.length > 0 && { headers: Object.fromEntries(told) }),
    ...(Object.keys(content).length > 0 && { content: toContent(content) }),
  }
}
