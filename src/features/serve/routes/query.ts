import { limits } from '../../../core/limits.ts'
import { parseRegistryName } from '../../../core/refs.ts'
import type { QuerySubject } from '../../query/query-subject.ts'
import { answerFilter } from '../answer-filter.ts'
import { toProblem } from '../problem.ts'
import { refuseAccess, toUnknownRegistry } from '../refuse-access.ts'
import type { OpenRoute } from '../route.ts'

export const query: OpenRoute = {
  method: 'GET',
  path: '/query/:name',
  summary: 'what a jq filter makes of a registry, or of `all` that the caller may read: ?filter=keys',
  access: 'open',
  answer: (call, { host }) => {
    const text = call.request.param('name') ?? ''
    const subject: QuerySubject | undefined = text === 'all' ? text : parseRegistryName(text)
    if (subject === undefined) return toUnknownRegistry(text)
    const refusal = subject === 'all' ? undefined : refuseAccess({ registry: subject, action: 'read' }, call)
    if (refusal) return refusal
    const filter = call.request.query('filter') ?? '.'
    if (filter.length > limits.servedFilterLength) {
      return toProblem(414, `the filter has more than ${limits.servedFilterLength} characters`, {
        hint: 'Ask for the registry, and filter it with your own jq',
      })
    }
    return answerFilter({ subject, filter, snapshot: call.view.snapshot }, host)
  },
}
