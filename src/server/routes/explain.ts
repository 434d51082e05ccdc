import { listServedVariables } from '../../readiness/secondary-variables.ts'
import { indexEntryNames } from '../../registry/entry-names.ts'
import { withLocalModels, withRequestedModel } from '../../registry/local-models.ts'
import { parseRef } from '../../registry/refs.ts'
import { isSubRegistry } from '../../registry/schema/names.ts'
import type { Snapshot } from '../../registry/snapshot.ts'
import { toJsonResponse } from '../bodies.ts'
import { toProblem } from '../problem.ts'
import { evaluateAll, evaluateView } from '../revision.ts'
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
    const ref = `${registry}/${id}`
    const shown = withLocalModels(view.snapshot)
    const entry = findShownEntry(ref, shown)
    if (entry !== undefined) {
      const { toExplanation } = await evaluateView(view, context)
      const variables = listServedVariables(entry, view.snapshot, context.host.env)
      return toJsonResponse({
        ...toExplanation(entry),
        ...(variables.length === 0 ? {} : { secondary_vars: variables }),
      })
    }
    const requested = withRequestedModel(ref, shown)
    if (requested === shown) {
      return toProblem(404, `${registry} has no entry ${JSON.stringify(id)}`, {
        hint: `GET /registries/${registry} returns all of them`,
      })
    }
    const { toExplanation } = await evaluateAll(requested, context)
    return toJsonResponse(toExplanation(ref))
  },
}

/** The ref of the entry that a ref means: that of a local model may lack its tag. */
function findShownEntry(ref: string, { registries }: Snapshot): string | undefined {
  const { registry, id } = parseRef(ref) ?? {}
  if (registry === undefined || id === undefined || !isSubRegistry(registry)) return undefined
  if (Object.hasOwn(registries[registry].content ?? {}, id)) return ref
  if (registry !== 'models') return undefined
  const match = indexEntryNames({ models: registries.models }).findExact(ref)
  // A broken entry has an id alone.
  const isBroken = registries.models.quarantined.includes(id)
  return match.kind === 'entry' && !isBroken ? match.entry.ref : undefined
}
