import { parseJson } from '../lib/json/parse-json.ts'
import { limits } from '../lib/limits.ts'
import { suggest } from '../lib/text/nearest.ts'
import type { Host } from '../platform/host.ts'
import { createComponents, entryIds } from '../registry/components/components.ts'
import type { Diagnostic, Severity } from '../registry/diagnostic.ts'
import { createDiagnoser } from '../registry/load/diagnose.ts'
import {
  type RegistryName,
  registryNames,
  type SubRegistryName,
  subRegistryNames,
} from '../registry/schema/names.ts'
import { entriesOf, type LoadedRegistry, type Snapshot } from '../registry/snapshot.ts'
import { toReadSnapshot } from './readable.ts'
import type { KnownIds, Rule, RuleContext, ValidateOptions, Violation } from './rule.ts'
import { rules } from './rules/index.ts'

/** How many days before the retirement of a model the warning begins. */
const defaultHorizonDays = 30

/**
 * All diagnostics of a snapshot: those of reading its files, and those of the rules. In no order, with the rules' own
 * levels.
 */
export async function diagnoseSnapshot(
  snapshot: Snapshot,
  host: Pick<Host, 'clock'>,
  options: Pick<ValidateOptions, 'rules' | 'horizonDays'>,
): Promise<Diagnostic[]> {
  const violations = await findViolations(snapshot, host, options)
  const structural = registryNames.flatMap((name: RegistryName) => snapshot.registries[name].diagnostics)
  return [...structural, ...locateFindings(violations, snapshot)]
}

/** The violations of rules in registries that were read, without lines and columns. */
export async function findViolations(
  registries: Pick<Snapshot, 'registries'>,
  host: Pick<Host, 'clock'>,
  options: Pick<ValidateOptions, 'rules' | 'horizonDays'>,
): Promise<readonly RuleFinding[]> {
  const wanted = rules.filter(({ id }) => options.rules?.[id] !== 'off')
  const horizonDays = options.horizonDays ?? defaultHorizonDays
  return runRules(wanted, registries, { now: host.clock.now(), horizonDays })
}

interface RuleFinding extends Violation {
  readonly rule: string
  readonly severity: Severity
}

interface RuleTime {
  /** Milliseconds since 1970. */
  readonly now: number
  readonly horizonDays: number
}

async function runRules(
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

// A hostile file can cause a million findings of one rule; more than the limit add no information.
function withinLimit(findings: readonly Violation[]): Violation[] {
  const counts = new Map<RegistryName, number>()
  return findings.filter(({ registry }) => {
    const count = (counts.get(registry) ?? 0) + 1
    counts.set(registry, count)
    return count <= limits.findingsPerFile
  })
}

/** Indexes the ids of a snapshot. An unreadable registry may contain any id. */
function toKnownIds(snapshot: Pick<Snapshot, 'registries'>): KnownIds {
  const index = new Map<string, ReadonlySet<string>>(
    subRegistryNames.map(registry => [registry, new Set(entryIds(snapshot, registry))]),
  )
  const aliases = new Set(Object.values(entriesOf(snapshot, 'models')).flatMap(model => model.aliases ?? []))
  const ids = (registry: SubRegistryName) => index.get(registry) ?? new Set<string>()
  return {
    ids,
    mayExist: (registry, id) =>
      snapshot.registries[registry].state !== 'ok' ||
      ids(registry).has(id) ||
      (registry === 'models' && aliases.has(id)),
  }
}

// A comparison of two ids takes a few microseconds, so all of them together take a fraction of a second.
const maxComparisons = 100_000

/** `suggest` that returns undefined after `maxComparisons`, so that a hostile file cannot make it slow. */
function createBoundedSuggest(): (word: string, candidates: Iterable<string>) => string | undefined {
  let left = maxComparisons
  return (word, candidates) => {
    if (left <= 0) return undefined
    const list = [...candidates]
    left -= list.length
    return suggest(word, list)
  }
}

function toDay(time: number): string {
  return new Date(time).toISOString().slice(0, 10)
}

/** Adds lines and columns to findings. Parses only files with findings. */
function locateFindings(
  findings: readonly RuleFinding[],
  snapshot: Pick<Snapshot, 'registries'>,
): Diagnostic[] {
  return registryNames.flatMap(name => {
    const own = findings.filter(({ registry }) => registry === name)
    return own.length === 0 ? [] : locateInFile(own, snapshot.registries[name])
  })
}

function locateInFile(findings: readonly RuleFinding[], registry: LoadedRegistry): Diagnostic[] {
  const { name, path, text = '' } = registry
  const { root } = parseJson(text)
  // Rules see only registries that could be parsed, so this does not happen.
  if (root === undefined) return []
  const diagnoser = createDiagnoser({ name, path, text, root })
  return findings.map(finding => diagnoser.ofPlace({ isAboutKey: false, ...finding }))
}
