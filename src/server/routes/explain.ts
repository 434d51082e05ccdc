import { listServedVariables } from '../../readiness/secondary-variables.ts'
import { isSubRegistry } from '../../registry/schema/names.ts'
import { toJsonResponse } from '../bodies.ts'
import { toProblem } from '../problem.ts'
import { evaluateView } from '../revision.ts'
import { type HeavyRoute, idParameter, problem, registryParameter, response } from '../route.ts'

export const explainRoute: HeavyRoute = {
  method: 'GET',
  path: '/explain/:registry/:id',
  summary: 'whether an entry can be used here, why not, and the fix',
  access: 'read',
  isHeavy: true,
  docs: {
    tag: 'questions',
    parameters: [registryParameter, idParameter],
    body: null,
    answers: {
      200: response('Whether it can be used, by the last sync', 'Explanation'),
      404: problem('There is no such registry or entry'),
    },
    example: '/explain/tools/docker',
  },
  answer: async ({ registry, view, request }, context) => {
    const id = request.param('id') ?? ''
    const entries: object = (isSubRegistry(registry) && view.snapshot.registries[registry].content) || {}
    if (!Object.hasOwn(entries, id)) {
      return toProblem(404, `${registry} has no entry ${JSON.stringify(id)}`, {
        hint: `GET /registries/${registry} answers with all of them`,
      })
    }
    const { toExplanation } = await evaluateView(view, context)
    const ref = `${registry}/${id}`
    const variables = listServedVariables(ref, view.snapshot, context.host.env)
    return toJsonResponse({
      ...toExplanation(ref),
      ...(variables.length === 0 ? {} : { secondary_vars: variables }),
    })
  },
}
