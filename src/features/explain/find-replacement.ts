import type { Model } from '../../schema/model.ts'

type Models = Readonly<Record<string, Model>>

/** Most models that are named instead of one. */
const mostNamed = 3

/** Whether a model does not answer any more on a day. */
export function isRetired({ status, retires_on: end }: Model, today: string): boolean {
  return status === 'retired' || (end !== undefined && end <= today)
}

/**
 * What to use instead of a model, in words that go on after "use": its successor, or the successor of that one when it
 * is retired as well; without any, models that are here to stay and can all that it can.
 */
export function findReplacement(model: Model, models: Models, today: string): string {
  const successor = followSuccessors(model, models, today)
  if (successor !== undefined) return `${successor} instead`
  const [first, ...others] = listAlike(model, models)
  if (first === undefined)
    return `another model instead: nexus-registry graph providers/${model.provider} --dependents`
  const last = others.pop()
  if (last === undefined) return `${first} instead, which has all its capabilities`
  return `${[first, ...others].join(', ')} or ${last} instead, which have all its capabilities`
}

function followSuccessors(model: Model, models: Models, today: string): string | undefined {
  const seen = new Set<string>()
  for (let id = model.successor; id !== undefined && !seen.has(id); ) {
    seen.add(id)
    const next = Object.hasOwn(models, id) ? models[id] : undefined
    if (next === undefined || !isRetired(next, today)) return id
    id = next.successor
  }
  return undefined
}

/** Models that nobody has given up, those of the same provider first, then those whose price is nearest. */
function listAlike(model: Model, models: Models): string[] {
  if (model.capabilities.length === 0) return []
  return Object.entries(models)
    .filter(([, other]) => isHereToStay(other) && canAllThat(model, other))
    .map(([id, other]) => ({
      id,
      isForeign: Number(other.provider !== model.provider),
      gap: toGap(model, other),
    }))
    .sort(
      (left, right) =>
        left.isForeign - right.isForeign || left.gap - right.gap || (left.id < right.id ? -1 : 1),
    )
    .slice(0, mostNamed)
    .map(({ id }) => id)
}

function isHereToStay({ status, retires_on: end }: Model): boolean {
  return status !== 'retired' && status !== 'deprecated' && end === undefined
}

function canAllThat({ capabilities }: Model, other: Model): boolean {
  return capabilities.every(capability => other.capabilities.includes(capability))
}

const unknownGap = 1e6

// How many times as much it costs, whichever way; what costs nothing is as far away as what nobody knows.
function toGap({ cost_per_1k_input: cost }: Model, { cost_per_1k_input: other }: Model): number {
  return cost && other ? Math.abs(Math.log(cost / other)) : unknownGap
}
