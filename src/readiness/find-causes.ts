import type { Readiness } from '../graph/graph.ts'
import { toShellWord } from '../lib/shell/quote.ts'
import { bestOf, type Need, type Needs } from './needs.ts'
import { type Cause, createWork, type ReadinessCondition, type Work } from './readiness.ts'

/** What is known of all nodes. */
export interface ReadinessResult {
  readonly statuses: ReadonlyMap<string, Readiness>
  readonly conditionOf: (id: string) => ReadinessCondition
  readonly needsOf: Needs
}

/** What all things that would do have in common. */
interface Common {
  readonly causes: readonly Cause[]
  /** Whether one of them would do when these are out of the way. */
  readonly isEnough: boolean
}

type FindCommon = (need: Need) => Common

/** What all walks of one finder share. */
interface Walks extends ReadinessResult {
  readonly bestOf: (need: Need) => Readiness
  readonly work: Work
}

const nothingInCommon: Common = { causes: [], isEnough: false }

/**
 * Finds what stands in the way of a node: the deepest first, as it has to be put right, and what is not known at the end.
 * When all work is done, only the next things that it needs are named.
 */
export function createCauseFinder(judgement: ReadinessResult): (id: string, work?: Work) => Cause[] {
  // Thousands of models share what they need.
  const known = new Map<Need, Common>()
  const bests = new Map<Need, Readiness>()
  const bestOfNeed = (need: Need) => {
    const best = bests.get(need) ?? bestOf(need, judgement.statuses)
    bests.set(need, best)
    return best
  }
  return (id, work = createWork()) => {
    const walks: Walks = { ...judgement, bestOf: bestOfNeed, work }
    if (work.left <= 0) return listNextCauses(id, walks)
    const findCommon = (need: Need) => {
      const common = known.get(need)
      if (common !== undefined || work.left <= 0) return common ?? nothingInCommon
      const found = toCommon(need, walks)
      known.set(need, found)
      return found
    }
    const causes = [...indexCauses(walk(id, walks, findCommon)).values()].reverse()
    return [...causes.filter(isCertain), ...causes.filter(cause => !isCertain(cause))]
  }
}

/** One thing may stand in the way for several reasons. */
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
    walks.work.left -= 1
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

/** What stands in the way of a node, with no step further than what it needs itself. */
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
  const reason = status === 'unknown' ? 'nobody can tell whether it is ready' : 'it is not ready'
  return { ref, status, reason, hint: `See nexus-registry explain ${toShellWord(ref)}` }
}

function toOwnCause(ref: string, { conditionOf }: Walks): Cause | undefined {
  const condition = conditionOf(ref)
  if (condition.status === 'ready') return undefined
  const { status, reason, hint } = condition
  return { ref, status, reason, hint }
}

// What a tool that is not here needs is of no interest; a service that is down may wait for another one.
function isEnd({ ref, status }: Cause): boolean {
  return status === 'not ready' && !ref.startsWith('microservices/')
}

function listOpenNeeds(id: string, { needsOf, bestOf }: Walks): Need[] {
  return needsOf(id).filter(need => bestOf(need) !== 'ready')
}

function onlyOption({ options }: Need): string | undefined {
  return options.length === 1 ? options[0] : undefined
}

/** What is in the way of each of several things. Those of their needs that have alternatives are not looked into. */
function toCommon({ options }: Need, walks: Walks): Common {
  const nothing: FindCommon = () => nothingInCommon
  const found: ReadonlyMap<string, Cause>[] = []
  for (const option of options) {
    if (walks.work.left <= 0) return nothingInCommon
    found.push(indexCauses(walk(option, walks, nothing)))
  }
  const [first, ...others] = found
  if (first === undefined) return nothingInCommon
  const causes = [...first].filter(([key]) => others.every(other => other.has(key))).map(([, cause]) => cause)
  return { causes, isEnough: [first, ...others].some(({ size }) => size > 0 && size === causes.length) }
}

// A hundred thousand things may provide a capability.
const mostNamed = 12

/** What several things have in common that would each do, and one cause for the rest. */
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
    const hint = 'Add a tool that does to tool_registry.json'
    return [{ ref: id, status, reason: 'nothing provides it', hint }]
  }
  const doubt = status === 'unknown' ? 'nothing of it is known to be ready' : 'none of it is ready'
  const hints = options
    .slice(0, mostNamed)
    .map(conditionOf)
    .flatMap(condition => (condition.status === 'ready' ? [] : condition.hint))
  const hint =
    hints.length > 0
      ? [...new Set(hints)].join(', or ')
      : `See nexus-registry explain ${toShellWord(options[0] ?? id)}`
  const named = options
    .slice(0, mostNamed)
    .map(option => (unseen.some(name => name === option) ? `something in ${option}` : option))
  if (options.length > mostNamed) named.push(`${options.length - mostNamed} others`)
  const reason = `${named.join(' or ')} ${what}, and ${doubt}`
  return [...common.causes, { ref: id, status, reason, hint }]
}
