import type { Readiness } from '../graph/graph.ts'
import { toShellWord } from '../lib/shell/quote.ts'
import { bestOf, type Need, type NeedsRequest } from './needs.ts'
import {
  type Cause,
  createStepBudget,
  describeFix,
  type ReadinessFix,
  type StepBudget,
  toFix,
} from './readiness.ts'

/** The evaluation of all nodes. */
export interface ReadinessResult extends NeedsRequest {
  readonly statuses: ReadonlyMap<string, Readiness>
}

/** What all options of a need have in common. */
interface Common {
  readonly causes: readonly Cause[]
  /** Whether fixing these makes one of the options ready. */
  readonly isEnough: boolean
}

type FindCommon = (need: Need) => Common

/** The state that all walks of one finder share. */
interface Walks extends ReadinessResult {
  readonly bestOf: (need: Need) => Readiness
  readonly budget: StepBudget
}

const nothingInCommon: Common = { causes: [], isEnough: false }

/**
 * The causes why a node is not ready, in the order of their fixes: the deepest first, unknown ones last. With `pathNeeds`,
 * why these are not met. When the budget is used up, only the direct needs are listed.
 */
export type FindCauses = (id: string, budget?: StepBudget, pathNeeds?: readonly Need[]) => Cause[]

export function createCauseFinder(result: ReadinessResult): FindCauses {
  // Thousands of models share their needs.
  const commons = new Map<Need, Common>()
  const bests = new Map<Need, Readiness>()
  const bestOfNeed = (need: Need) => {
    const best = bests.get(need) ?? bestOf(need, result.statuses)
    bests.set(need, best)
    return best
  }
  const find = (id: string, walks: Walks) => {
    if (walks.budget.left <= 0) return listNextCauses(id, walks)
    const findCommon = (need: Need) => {
      const common = commons.get(need)
      if (common !== undefined || walks.budget.left <= 0) return common ?? nothingInCommon
      const found = toCommon(need, walks)
      commons.set(need, found)
      return found
    }
    const causes = [...indexCauses(walk(id, walks, findCommon)).values()].reverse()
    return [...causes.filter(isCertain), ...causes.filter(cause => !isCertain(cause))]
  }
  return (id, budget = createStepBudget(), pathNeeds) => {
    const walks: Walks = { ...result, bestOf: bestOfNeed, budget }
    if (pathNeeds === undefined) return find(id, walks)
    // No node has this id.
    const path = `path of ${id}`
    const needsOf = (each: string) => (each === path ? pathNeeds : result.needsOf(each))
    return find(path, { ...walks, needsOf }).map(cause =>
      cause.ref === path ? { ...cause, ref: id } : cause,
    )
  }
}

/** One thing may be a cause for several reasons. */
export function toCauseKey({ ref, reason }: Cause): string {
  return `${ref}\0${reason}`
}

function indexCauses(causes: readonly Cause[]): ReadonlyMap<string, Cause> {
  return new Map(causes.map(cause => [toCauseKey(cause), cause]))
}

function isCertain({ status }: Cause): boolean {
  return status !== 'unknown'
}

function walk(start: string, walks: Walks, findCommon: FindCommon): Cause[] {
  const causes: Cause[] = []
  const seen = new Set([start])
  for (const id of seen) {
    walks.budget.left -= 1
    const own = toOwnCause(id, walks)
    if (own !== undefined) causes.push(own)
    // The needs of a missing thing do not matter yet.
    if (own !== undefined && isCertain(own)) continue
    const open = listOpenNeeds(id, walks)
    for (const only of open.flatMap(need => onlyOption(need) ?? [])) seen.add(only)
    const choices = open.filter(need => onlyOption(need) === undefined)
    for (const need of choices)
      for (const each of toAlternatives(id, need, walks, findCommon(need))) causes.push(each)
  }
  return causes
}

/** The causes among a node and its direct needs. */
function listNextCauses(id: string, walks: Walks): Cause[] {
  const own = toOwnCause(id, walks)
  if (own !== undefined && isCertain(own)) return [own]
  const next = listOpenNeeds(id, walks).flatMap(need => {
    const only = onlyOption(need)
    return only === undefined ? toAlternatives(id, need, walks, nothingInCommon) : toNextCause(only, walks)
  })
  return own === undefined ? next : [own, ...next]
}

function toNextCause(ref: string, { statuses }: Walks): Cause {
  const status = toOpenStatus(statuses.get(ref))
  const reason = status === 'unknown' ? 'its status is not known' : `it is ${status}`
  return { ref, status, reason, fix: seeExplanation(ref) }
}

function toOpenStatus(status: Readiness | undefined): Cause['status'] {
  return status === undefined || status === 'ready' ? 'not ready' : status
}

function seeExplanation(ref: string): ReadinessFix {
  return toFix('See what it waits for', `nexus-registry explain ${toShellWord(ref)}`)
}

function toOwnCause(ref: string, { conditionOf }: Walks): Cause | undefined {
  const condition = conditionOf(ref)
  if (condition.status === 'ready') return undefined
  const { status, reason, fix } = condition
  return { ref, status, reason, fix }
}

/** The needs that block a node. What is not set up is neutral, unless the node is strict, or all of it is not set up. */
function listOpenNeeds(id: string, { needsOf, bestOf, isStrict, statuses }: Walks): Need[] {
  const countsMissing = isStrict(id) || (statuses.get(id) ?? 'not set up') === 'not set up'
  return needsOf(id).filter(need => {
    const best = bestOf(need)
    return best !== 'ready' && (countsMissing || best !== 'not set up')
  })
}

function onlyOption({ options }: Need): string | undefined {
  return options.length === 1 ? options[0] : undefined
}

/** The causes that all options of a need share. Skips needs of the options that have several options themselves. */
function toCommon({ options }: Need, walks: Walks): Common {
  const nothing: FindCommon = () => nothingInCommon
  const found: ReadonlyMap<string, Cause>[] = []
  for (const option of options) {
    if (walks.budget.left <= 0) return nothingInCommon
    found.push(indexCauses(walk(option, walks, nothing)))
  }
  const [first, ...others] = found
  if (first === undefined) return nothingInCommon
  const causes = [...first].filter(([key]) => others.every(other => other.has(key))).map(([, cause]) => cause)
  return { causes, isEnough: [first, ...others].some(({ size }) => size > 0 && size === causes.length) }
}

// A hundred thousand things may provide a capability.
const maxNamed = 12

/** The causes that the options of a need share, and one cause for the rest. */
function toAlternatives(
  id: string,
  need: Need,
  { conditionOf, bestOf }: Walks,
  common: Common,
): readonly Cause[] {
  if (common.isEnough) return common.causes
  const { options, what, unseen = [] } = need
  const status = toOpenStatus(bestOf(need))
  if (options.length === 0)
    return [{ ref: id, status, reason: 'nothing provides it', fix: toFix(addProvider) }]
  const outcome = {
    unknown: 'none of them is known to be ready',
    'not ready': 'none of them is ready',
    'not set up': 'none of them is set up',
  }[status]
  const named = options
    .slice(0, maxNamed)
    .map(option => (unseen.some(name => name === option) ? `something in ${option}` : option))
  if (options.length > maxNamed) named.push(`${options.length - maxNamed} others`)
  const reason = `${named.join(' or ')} ${what}, and ${outcome}`
  return [...common.causes, { ref: id, status, reason, fix: toFixOfOptions(options, id, conditionOf) }]
}

const addProvider = 'Add a tool that provides it to tool_registry.json'

/** The fixes of several options: any of them is enough. */
function toFixOfOptions(
  options: readonly string[],
  id: string,
  conditionOf: ReadinessResult['conditionOf'],
): ReadinessFix {
  const fixes = options
    .slice(0, maxNamed)
    .map(conditionOf)
    .flatMap(condition => (condition.status === 'ready' ? [] : condition.fix))
  const [first] = fixes
  if (first === undefined) return seeExplanation(options[0] ?? id)
  return { text: [...new Set(fixes.map(describeFix))].join(', or '), command: first.command }
}
