import { toShellWord } from '../lib/shell/quote.ts'
import type { Model } from '../registry/schema/model.ts'

type Models = Readonly<Record<string, Model>>

/** Most models that are named as a replacement. */
const maxNamed = 3

/** Whether a model no longer works on a day. */
export function isRetired(
  { status, retires_on: end }: Pick<Model, 'status' | 'retires_on'>,
  today: string,
): boolean {
  return status === 'retired' || (end !== undefined && end <= today)
}

/**
 * Finds what to use instead of a model, in words that continue "use": the first successor that is not retired, else
 * models that stay and have all its capabilities.
 */
export function createReplacements(models: Models, today: string): (model: Model) => string {
  const staying = Object.entries(models).filter(([, model]) => willStay(model))
  // Most of thousands of models have the same replacement.
  const known = new Map<string, string>()
  const followSuccessors = createFollower(models, today)
  return model => {
    const successor = followSuccessors(model)
    if (successor !== undefined) return `${successor} instead`
    const key = JSON.stringify([model.provider, model.capabilities, model.cost_per_1k_input])
    const words = known.get(key) ?? describeAlike(model, listAlike(model, staying))
    known.set(key, words)
    return words
  }
}

function describeAlike({ provider }: Model, [first, ...others]: readonly string[]): string {
  if (first === undefined)
    return `another model instead: nexus-registry graph ${toShellWord(`providers/${provider}`)} --dependents`
  const last = others.pop()
  if (last === undefined) return `${first} instead, which has all its capabilities`
  return `${[first, ...others].join(', ')} or ${last} instead, which have all its capabilities`
}

/** Finds the first successor that is not retired. Each chain of successors is followed once. */
function createFollower(models: Models, today: string): (model: Model) => string | undefined {
  const ends = new Map<string, string | undefined>()
  return model => {
    const passed: string[] = []
    let id = model.successor
    let end: string | undefined
    while (id !== undefined) {
      if (ends.has(id)) {
        end = ends.get(id)
        break
      }
      const next = Object.hasOwn(models, id) ? models[id] : undefined
      // A model that occurs again closes a cycle, which has no end.
      ends.set(id, undefined)
      passed.push(id)
      if (next === undefined || !isRetired(next, today)) {
        end = id
        break
      }
      id = next.successor
    }
    for (const each of passed) ends.set(each, end)
    return end
  }
}

type Alike = readonly [id: string, isForeign: number, gap: number]

/** Models of the same provider come first, then those with the nearest price. */
function listAlike(model: Model, staying: readonly (readonly [id: string, Model])[]): string[] {
  const best: Alike[] = []
  if (model.capabilities.length === 0) return []
  for (const [id, other] of staying) {
    if (!hasCapabilitiesOf(model, other)) continue
    best.push([id, Number(other.provider !== model.provider), toGap(model, other)])
    // Only the best few are kept, so a list of thousands is never sorted.
    if (best.length > maxNamed) best.sort(compareAlike).pop()
  }
  return best.sort(compareAlike).map(([id]) => id)
}

function compareAlike(left: Alike, right: Alike): number {
  return left[1] - right[1] || left[2] - right[2] || (left[0] < right[0] ? -1 : 1)
}

function willStay({ status, retires_on: end }: Model): boolean {
  return status !== 'retired' && status !== 'deprecated' && end === undefined
}

function hasCapabilitiesOf({ capabilities }: Model, other: Model): boolean {
  return capabilities.every(capability => other.capabilities.includes(capability))
}

const unknownGap = 1e6

// The ratio of the two prices as a distance. A price of zero counts as unknown.
function toGap({ cost_per_1k_input: cost }: Model, { cost_per_1k_input: other }: Model): number {
  return cost && other ? Math.abs(Math.log(cost / other)) : unknownGap
}
