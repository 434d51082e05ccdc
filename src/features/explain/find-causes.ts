import type { Cause } from '../../core/explanation.ts'
import type { Readiness } from '../../core/graph/graph.ts'
import { toShellWord } from '../../core/to-shell-word.ts'
import type { Condition } from './condition.ts'
import { bestOf } from './judge.ts'
import type { Need, Needs } from './needs.ts'

/** What is known of all nodes. */
export interface Judgement {
  readonly statuses: ReadonlyMap<string, Readiness>
  readonly conditionOf: (id: string) => Condition
  readonly needsOf: Needs
}

/** What all things that would do have in common. */
interface Common {
  readonly causes: readonly Cause[]
  /** Whether one of them would do when these are out of the way. */
  readonly isEnough: boolean
}

type FindCommon = (need: Need) => Common

/** Finds what stands in the way of a node: the deepest first, as it has to be put right, and what is not known at the end. */
export function createCauseFinder(judgement: Judgement): (id: string) => Cause[] {
  // Thousands of models share what they need.
  const known = new Map<Need, Common>()
  const findCommon = (need: Need) => {
    const common = known.get(need) ?? toCommon(need, judgement)
    known.set(need, common)
    return common
  }
  return id => {
    const causes = [...indexCauses(walk(id, judgement, findCommon)).values()].reverse()
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

function walk(start: string, judgement: Judgement, findCommon: FindCommon): Cause[] {
  const causes: Cause[] = []
  const seen = new Set([start])
  for (const id of seen) {
    const condition = judgement.conditionOf(id)
    if (condition.status !== 'ready') {
      const { status, reason, hint } = condition
      causes.push({ ref: id, status, reason, hint })
      // What a tool that is not here needs is of no interest; a service that is down may wait for another one.
      if (status === 'not ready' && !id.startsWith('microservices/')) continue
    }
    const open = judgement.needsOf(id).filter(need => bestOf(need, judgement.statuses) !== 'ready')
    for (const need of open) {
      const only = onlyOption(need)
      if (only !== undefined) seen.add(only)
      else causes.push(...toAlternatives(id, need, judgement, findCommon(need)))
    }
  }
  return causes
}

function onlyOption({ options }: Need): string | undefined {
  return options.length === 1 ? options[0] : undefined
}

/** What is in the way of each of several things. Those of their needs that have alternatives are not looked into. */
function toCommon({ options }: Need, judgement: Judgement): Common {
  const nothing: FindCommon = () => ({ causes: [], isEnough: false })
  const [first, ...others] = options.map(option => indexCauses(walk(option, judgement, nothing)))
  if (first === undefined) return { causes: [], isEnough: false }
  const causes = [...first].filter(([key]) => others.every(other => other.has(key))).map(([, cause]) => cause)
  return { causes, isEnough: [first, ...others].some(({ size }) => size > 0 && size === causes.length) }
}

/** What several things have in common that would each do, and one cause for the rest. */
function toAlternatives(
  id: string,
  need: Need,
  { conditionOf, statuses }: Judgement,
  common: Common,
): readonly Cause[] {
  if (common.isEnough) return common.causes
  const { options, what, unseen = [] } = need
  const status = bestOf(need, statuses) === 'unknown' ? 'unknown' : 'not ready'
  if (options.length === 0) {
    const hint = 'Add a tool that does to tool_registry.json'
    return [{ ref: id, status, reason: 'nothing provides it', hint }]
  }
  const doubt = status === 'unknown' ? 'nothing of it is known to be ready' : 'none of it is ready'
  const hints = options
    .map(conditionOf)
    .flatMap(condition => (condition.status === 'ready' ? [] : condition.hint))
  const hint =
    hints.length > 0
      ? [...new Set(hints)].join(', or ')
      : `See nexus-registry explain ${toShellWord(options[0] ?? id)}`
  const named = options.map(option => (unseen.includes(option) ? `something in ${option}` : option))
  const reason = `${named.join(' or ')} ${what}, and ${doubt}`
  return [...common.causes, { ref: id, status, reason, hint }]
}
