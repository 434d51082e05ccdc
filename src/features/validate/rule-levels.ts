import { NexusError } from '../../core/errors.ts'
import { suggest } from '../../core/nearest.ts'
import type { RuleLevel } from '../config/config.ts'
import { rules } from './rules/index.ts'

/** One rule as `validate --rules` shows it. */
export interface RuleRow {
  readonly id: string
  /** What applies: the configuration's word, or else the rule's own. */
  readonly level: RuleLevel
  readonly summary: string
}

type Levels = Readonly<Record<string, RuleLevel>>

/** All rules and the levels that apply. */
export function listRules(levels: Levels): RuleRow[] {
  return rules.map(({ id, severity, summary }) => ({ id, level: levelOf(id, levels) ?? severity, summary }))
}

/** Throws a NexusError('config') that names a rule which does not exist. */
export function requireKnownRules(levels: Levels): void {
  const ids = rules.map(({ id }) => id)
  const unknown = Object.keys(levels).find(id => !ids.includes(id))
  if (unknown === undefined) return
  const hint = suggest(unknown, ids) ?? 'nexus-registry validate --rules lists them'
  throw new NexusError('config', `validate.rules: there is no rule ${JSON.stringify(unknown)}`, { hint })
}

function levelOf(id: string, levels: Levels): RuleLevel | undefined {
  return Object.hasOwn(levels, id) ? levels[id] : undefined
}
