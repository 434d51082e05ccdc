import { toShellWord } from '../lib/shell/quote.ts'
import type { Model } from '../registry/schema/model.ts'

type Models = Readonly<Record<string, Model>>

/** Most models that are named instead of one. */
const mostNamed = 3

/** Whether a model does not answer any more on a day. */
export function isRetired({ status, retires_on: end }: Model, today: string): boolean {
  return status === 'retired' || (end !== undefined && end <= today)
}

/**
 * Tells what to use instead of a model, in words that go on after "use": its successor, or the successor of that one
 * when it is retired as well; without any, models that are here to stay and can all that it can.
 */
export function createReplacements(models: Models, today: string): (model: Model) => string {
  const staying = Object.entries(models).filter(([, model]) => isHereToStay(model))
  // Of thousands of models, most look for the same.
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

/** Finds the first successor that has not retired. What a successor leads to is found once, however long the chain. */
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
      // A model that is passed again closes a cycle, which has no end.
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

/** Those of the same provider come first, then those whose price is nearest. */
function listAlike(model: Model, staying: readonly (readonly [id: string, Model])[]): string[] {
  const best: Alike[] = []
  if (model.capabilities.length === 0) return []
  for (const [id, other] of staying) {
    if (!canAllThat(model, other)) continue
    best.push([id, Number(other.provider !== model.provider), toGap(model, other)])
    // So few are kept that a list of thousands needs no sorting.
    if (best.length > mostNamed) best.sort(compareAlike).pop()
  }
  return best.sort(compareAlike).map(([id]) => id)
}

function compareAlike(left: Alike, right: Alike): number {
  return left[1] - right[1] || left[2] - right[2] || (left[0] < right[0] ? -1 : 1)
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
