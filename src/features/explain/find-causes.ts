import type { Cause } from '../../core/explanation.ts'
import type { Readiness } from '../../core/graph/graph.ts'
import type { Condition } from './condition.ts'
import { bestOf } from './judge.ts'
import type { Need, Needs } from './needs.ts'

/** What is known of all nodes. */
export interface Judgement {
  readonly statuses: ReadonlyMap<string, Readiness>
  readonly conditionOf: (id: string) => Condition
  readonly needsOf: Needs
}

/** What stands in the way of a node: the deepest first, as it has to be put right, and what is not known at the end. */
export function findCauses(id: string, judgement: Judgement): Cause[] {
  const causes = walk(id, judgement).reverse()
  return [...causes.filter(isCertain), ...causes.filter(cause => !isCertain(cause))]
}

function isCertain({ status }: Cause): boolean {
  return status === 'not ready'
}

function walk(start: string, judgement: Judgement): Cause[] {
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
    for (const need of judgement.needsOf(id)) causes.push(...judgeNeed(id, need, judgement, seen))
  }
  return causes
}

function judgeNeed(id: string, need: Need, judgement: Judgement, seen: Set<string>): Cause[] {
  const status = bestOf(need, judgement.statuses)
  if (status === 'ready') return []
  const [only, ...others] = need.options
  if (only !== undefined && others.length === 0) {
    seen.add(only)
    return []
  }
  return [toAlternatives(id, need, status, judgement)]
}

/** One cause for several things of which any one would do. */
function toAlternatives(
  id: string,
  { options, what }: Need,
  status: Cause['status'],
  { conditionOf }: Judgement,
): Cause {
  if (options.length === 0) {
    return {
      ref: id,
      status,
      reason: 'nothing provides it',
      hint: 'Add a tool that does to tool_registry.json',
    }
  }
  const doubt = status === 'unknown' ? 'nothing of it is known to be ready' : 'none of it is ready'
  const hints = options
    .map(conditionOf)
    .flatMap(condition => (condition.status === 'ready' ? [] : condition.hint))
  const hint =
    hints.length > 0 ? [...new Set(hints)].join(', or ') : `See nexus-registry explain ${options[0]}`
  return { ref: id, status, reason: `${options.join(' or ')} ${what}, and ${doubt}`, hint }
}
