import { limits } from '../../lib/limits.ts'
import type { QuerySubject } from '../../query/query-entries.ts'
import { parseRegistryName } from '../../registry/refs.ts'
import { runFilterRequest } from '../answer-filter.ts'
import { refuseAccess, toUnknownRegistry } from '../decide.ts'
import { toProblem } from '../problem.ts'
import { type OpenRoute, problem } from '../route.ts'

export const query: OpenRoute = {
  method: 'GET',
  path: '/query/:name',
  summary: 'output of a jq filter for a registry, or for `all` that the caller may read: ?filter=keys',
  access: 'open',
  docs: {
    tag: 'questions',
    parameters: [
      {
        name: 'name',
        in: 'path',
        isRequired: true,
        says: 'Which registry, by its name or its file, or all of those that the caller may read',
        schema: 'QueryParameter',
        example: 'tools',
      },
      {
        name: 'filter',
        in: 'query',
        isRequired: false,
        says: 'A filter in the language of jq; the whole input by default',
        schema: 'FilterParameter',
        example: 'keys',
      },
    ],
    body: null,
    answers: {
      200: {
        says: 'Output of the filter: one value as JSON, none or several one per line',
        content: { 'application/json': ['AnyValue'], 'application/x-ndjson': ['Text'] },
      },
      400: problem('The filter does not parse'),
      401: problem('A token is required for that registry, or the token is not valid'),
      404: problem('There is no such registry'),
      414: problem('The filter is too long'),
      422: problem('The filter failed, took too long or too much memory, or made too much'),
      429: problem('Too many filters of this client wait; Retry-After says when to go on'),
      503: problem(
        'The registry cannot be read; or too many filters wait, and Retry-After says when to go on',
      ),
    },
    example: '/query/tools?filter=keys',
  },
  answer: (call, context) => {
    const text = call.request.param('name') ?? ''
    const subject: QuerySubject | undefined = text === 'all' ? text : parseRegistryName(text)
    if (subject === undefined) return toUnknownRegistry(text)
    const refusal = subject === 'all' ? undefined : refuseAccess({ registry: subject, action: 'read' }, call)
    if (refusal) return refusal
    const filter = call.request.query('filter') ?? '.'
    if (filter.length > limits.servedFilterLength) {
      return toProblem(414, `the filter has more than ${limits.servedFilterLength} characters`, {
        hint: 'GET the registry, and filter it with your own jq',
      })
    }
    const { caller, request, view } = call
    return runFilterRequest({ subject, filter, snapshot: view.snapshot, caller, request }, context)
  },
}
