import { limits } from '../lib/limits.ts'
import { createComponents } from '../registry/components/components.ts'
import type { Severity } from '../registry/diagnostic.ts'
import type { RegistryName } from '../registry/schema/names.ts'
import type { Snapshot } from '../registry/snapshot.ts'
import { createBoundedSuggest } from './bounded-suggest.ts'
import { toKnownIds } from './known-ids.ts'
import { toReadSnapshot } from './readable.ts'
import type { Finding, Rule, RuleContext } from './rule.ts'

export interface RuleFinding extends Finding {
  readonly rule: string
  readonly severity: Severity
}

export interface RuleTime {
  /** Milliseconds since 1970. */
  readonly now: number
  readonly horizonDays: number
}

/** What the rules find between the files of a snapshot. */
export async function runRules(
  rules: readonly Rule[],
  registries: Pick<Snapshot, 'registries'>,
  time: RuleTime,
): Promise<RuleFinding[]> {
  const snapshot = toReadSnapshot(registries)
  const context: RuleContext = {
    snapshot,
    components: createComponents(snapshot),
    known: toKnownIds(snapshot),
    suggest: createBoundedSuggest(),
    today: toDay(time.now),
    horizon: toDay(time.now + time.horizonDays * 86_400_000),
  }
  const found = await Promise.all(rules.map(rule => runRule(rule, context)))
  return found.flat()
}

async function runRule(rule: Rule, context: RuleContext): Promise<RuleFinding[]> {
  const findings = (await rule.check?.(context)) ?? []
  return withinLimit(findings).map(finding => ({ severity: rule.severity, ...finding, rule: rule.id }))
}

// A hostile file can hold a million faults of one kind: the rest of them says nothing new.
function withinLimit(findings: readonly Finding[]): Finding[] {
  const counts = new Map<RegistryName, number>()
  return findings.filter(({ registry }) => {
    const count = (counts.get(registry) ?? 0) + 1
    counts.set(registry, count)
    return count <= limits.findingsPerFile
  })
}

function toDay(time: number): string {
  return new Date(time).toISOString().slice(0, 10)
}
