import type { Readiness } from '../graph/graph.ts'
import { toShellWord } from '../lib/shell/quote.ts'
import { bestOf, type Need, type Needs } from './needs.ts'
import { type Cause, createStepBudget, type ReadinessCondition, type StepBudget } from './readiness.ts'

/** The evaluation of all nodes. */
export interface ReadinessResult {
  readonly statuses: ReadonlyMap<string, Readiness>
  readonly conditionOf: (id: string) => ReadinessCondition
  readonly needsOf: Needs
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
 * Finds the causes why a node is not ready, in the order of their fixes: the deepest first, unknown ones last.
 * When the budget is used up, only the direct needs of the node are listed.
 */
export function createCauseFinder(result: ReadinessResult): (id: string, budget?: StepBudget) => Cause[] {
  // Thousands of models share their needs.
  const commons = new Map<Need, Common>()
  const bests = new Map<Need, Readiness>()
  const bestOfNeed = (need: Need) => {
    const best = bests.get(need) ?? bestOf(need, result.statuses)
    bests.set(need, best)
    return best
  }
  return (id, budget = createStepBudget()) => {
    const walks: Walks = { ...result, bestOf: bestOfNeed, budget }
    if (budget.left <= 0) return listNextCauses(id, walks)
    const findCommon = (need: Need) => {
      const common = commons.get(need)
      if (common !== undefined || budget.left <= 0) return common ?? nothingInCommon
      const found = toCommon(need, walks)
      commons.set(need, found)
      return found
    }
    const causes = [...indexCauses(walk(id, walks, findCommon)).values()].reverse()
    return [...causes.filter(isCertain), ...causes.filter(cause => !isCertain(cause))]
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
  return status === 'not ready'
}

function walk(start: string, walks: Walks, findCommon: FindCommon): Cause[] {
  const causes: Cause[] = []
  const seen = new Set([start])
  for (const id of seen) {
    walks.budget.left -= 1
    const own = toOwnCause(id, walks)
    if (own !== undefined) causes.push(own)
    if (own !== undefined && isEnd(own)) continue
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
  if (own !== undefined && isEnd(own)) return [own]
  const next = listOpenNeeds(id, walks).flatMap(need => {
    const only = onlyOption(need)
    return only === undefined ? toAlternatives(id, need, walks, nothingInCommon) : toNextCause(only, walks)
  })
  return own === undefined ? next : [own, ...next]
}

function toNextCause(ref: string, { bestOf }: Walks): Cause {
  const status = bestOf({ options: [ref], what: '' }) === 'unknown' ? 'unknown' : 'not ready'
  const reason = status === 'unknown' ? 'its status is not known' : 'it is not ready'
  return { ref, status, reason, hint: `See nexus-registry explain ${toShellWord(ref)}` }
}

function toOwnCause(ref: string, { conditionOf }: Walks): Cause | undefined {
  const condition = conditionOf(ref)
  if (condition.status === 'ready') return undefined
  const { status, reason, hint } = condition
  return { ref, status, reason, hint }
}

// The needs of a missing tool do not matter yet. A service that is down may wait for another one.
function isEnd({ ref, status }: Cause): boolean {
  return status === 'not ready' && !ref.startsWith('microservices/')
}

function listOpenNeeds(id: string, { needsOf, bestOf }: Walks): Need[] {
  return needsOf(id).filter(need => bestOf(need) !== 'ready')
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
  const status = bestOf(need) === 'unknown' ? 'unknown' : 'not ready'
  if (options.length === 0) {
    const hint = 'Add a tool that provides it to tool_registry.json'
    return [{ ref: id, status, reason: 'nothing provides it', hint }]
  }
  const outcome = status === 'unknown' ? 'none of them is known to be ready' : 'none of them is ready'
  const hints = options
    .slice(0, maxNamed)
    .map(conditionOf)
    .flatMap(condition => (condition.status === 'ready' ? [] : condition.hint))
  const hint =
    hints.length > 0
      ? [...new Set(hints)].join(', or ')
      : `See nexus-registry explain ${toShellWord(options[0] ?? id)}`
  const named = options
    .slice(0, maxNamed)
    .map(option => (unseen.some(name => name === option) ? `something in ${option}` : option))
  if (options.length > maxNamed) named.push(`${options.length - maxNamed} others`)
  const reason = `${named.join(' or ')} ${what}, and ${outcome}`
  return [...common.causes, { ref: id, status, reason, hint }]
}
