import { parseJson } from '../lib/json/parse-json.ts'
import { limits } from '../lib/limits.ts'
import { suggest } from '../lib/text/nearest.ts'
import type { Host } from '../platform/host.ts'
import { createComponents, entryIds } from '../registry/components/components.ts'
import type { Diagnostic, Severity, ValidationReport } from '../registry/diagnostic.ts'
import { createDiagnoser } from '../registry/load/diagnose.ts'
import type { LoadHost } from '../registry/load/load-registry.ts'
import { loadSnapshot } from '../registry/load/load-snapshot.ts'
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

export type ValidateHost = LoadHost & Pick<Host, 'clock' | 'cwd'>

/** How far ahead the retirement of a model is worth a warning, in days. */
const defaultHorizonDays = 30

/**
 * Checks the nine files of a registry home and what holds between them. Whatever is in the directory, the answer is a
 * report; it never rejects for what the files hold.
 */
export async function validateHome(
  directory: string,
  host: ValidateHost,
  options: ValidateOptions = {},
): Promise<ValidationReport> {
  const { snapshot, diagnostics } = await diagnoseHome(host.path.resolve(host.cwd, directory), host, options)
  const files = registryNames.map(name => snapshot.registries[name].path)
  return toReport(files, diagnostics, options)
}

interface Diagnosed {
  readonly snapshot: Snapshot
  /** In no order, with the rules' own levels. */
  readonly diagnostics: readonly Diagnostic[]
}

/** Everything that is wrong in a home: what reading its files found, and what its rules find between them. */
export async function diagnoseHome(
  directory: string,
  host: Omit<ValidateHost, 'cwd'>,
  options: DiagnoseOptions,
): Promise<Diagnosed> {
  return diagnoseSnapshot(await loadSnapshot(directory, host, { isStrict: true }), host, options)
}

type DiagnoseOptions = Pick<ValidateOptions, 'rules' | 'horizonDays'>

/** Everything that is wrong in registries that were read. */
export async function diagnoseSnapshot(
  snapshot: Snapshot,
  host: Pick<Host, 'clock'>,
  options: DiagnoseOptions,
): Promise<Diagnosed> {
  const findings = await findViolations(snapshot, host, options)
  const structural = registryNames.flatMap((name: RegistryName) => snapshot.registries[name].diagnostics)
  return { snapshot, diagnostics: [...structural, ...locateFindings(findings, snapshot)] }
}

/** What the rules find between registries that were read, without lines and columns. */
export async function findViolations(
  snapshot: Pick<Snapshot, 'registries'>,
  host: Pick<Host, 'clock'>,
  options: DiagnoseOptions,
): Promise<readonly RuleFinding[]> {
  const wanted = rules.filter(({ id }) => options.rules?.[id] !== 'off')
  const horizonDays = options.horizonDays ?? defaultHorizonDays
  return runRules(wanted, snapshot, { now: host.clock.now(), horizonDays })
}

/** Gives findings the lines and columns of their places. Files without findings are not read again. */
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
  // Rules only look at what was read without fault, so there is one.
  if (root === undefined) return []
  const diagnoser = createDiagnoser({ name, path, text, root })
  return findings.map(finding => diagnoser.ofPlace({ isAboutKey: false, ...finding }))
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

/** What the rules find between the files of a snapshot. */
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

// A hostile file can hold a million faults of one kind: the rest of them says nothing new.
function withinLimit(findings: readonly Violation[]): Violation[] {
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

// Comparing two ids takes a few microseconds: this many are done in a fraction of a second.
const maxComparisons = 100_000

/** `suggest` that stops answering when it has compared so much that a hostile file would make it slow. */
function createBoundedSuggest(): (word: string, candidates: Iterable<string>) => string | undefined {
  let left = maxComparisons
  return (word, candidates) => {
    if (left <= 0) return undefined
    const list = [...candidates]
    left -= list.length
    return suggest(word, list)
  }
}

/** Reads which entries a snapshot knows. What could not be read may hold anything. */
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

type ReportOptions = Pick<ValidateOptions, 'rules' | 'strict' | 'maxWarnings'>

/** Sums up what was found: levels applied, sorted, counted. */
export function toReport(
  files: readonly string[],
  diagnostics: readonly Diagnostic[],
  { rules = {}, strict = false, maxWarnings = Number.POSITIVE_INFINITY }: ReportOptions,
): ValidationReport {
  const levelled = diagnostics.flatMap(diagnostic => applyLevel(diagnostic, rules)).sort(compare)
  const errors = levelled.filter(({ severity }) => severity === 'error').length
  const warnings = levelled.length - errors
  const valid = errors === 0 && warnings <= (strict ? 0 : maxWarnings)
  return { valid, files: [...files].sort(), errors, warnings, diagnostics: levelled }
}

type Levels = NonNullable<ReportOptions['rules']>

function applyLevel(diagnostic: Diagnostic, levels: Levels): Diagnostic[] {
  const level = Object.hasOwn(levels, diagnostic.rule) ? levels[diagnostic.rule] : undefined
  if (level === 'off') return []
  return [level === undefined ? diagnostic : { ...diagnostic, severity: level }]
}

function compare(left: Diagnostic, right: Diagnostic): number {
  return (
    compareText(left.file, right.file) ||
    left.line - right.line ||
    left.column - right.column ||
    compareText(left.rule, right.rule) ||
    compareText(left.message, right.message)
  )
}

function compareText(left: string, right: string): number {
  if (left === right) return 0
  return left < right ? -1 : 1
}
