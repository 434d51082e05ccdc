import { compareText } from '../lib/text/compare.ts'
import type { Host } from '../platform/host.ts'
import type { Diagnostic, ValidationReport } from '../registry/diagnostic.ts'
import { type LoadHost, loadLooseRegistry } from '../registry/load/load-registry.ts'
import { loadSnapshot } from '../registry/load/load-snapshot.ts'
import { type RegistryName, registryNames } from '../registry/schema/names.ts'
import type { LoadedRegistry } from '../registry/snapshot.ts'
import { diagnoseSnapshot } from './diagnose.ts'
import type { ValidateOptions } from './rule.ts'
import { rules } from './rules/index.ts'
import type { FileTarget, HomeTarget, ValidationTarget } from './targets.ts'
import { toLoneSnapshot } from './validate-content.ts'

type ValidateHost = LoadHost & Pick<Host, 'clock'>

/** Validates the nine files of a registry home and the references between them. Never rejects because of file content. */
export async function validateHome(
  directory: string,
  host: ValidateHost & Pick<Host, 'cwd'>,
  options: ValidateOptions = {},
): Promise<ValidationReport> {
  const home = host.path.resolve(host.cwd, directory)
  const { report } = await validateTargets(
    [{ kind: 'home', directory: home, names: registryNames }],
    host,
    options,
  )
  return report
}

export interface Validation {
  readonly report: ValidationReport
  /** Content of the files by path, where a report may quote lines of it. */
  readonly sources: ReadonlyMap<string, string>
  /** Checks that were not possible, by path of the file. */
  readonly unchecked: readonly UncheckedReferences[]
}

interface UncheckedReferences {
  readonly path: string
  readonly message: string
}

/** Validates homes and single files. Never rejects because of file content. */
export async function validateTargets(
  targets: readonly ValidationTarget[],
  host: ValidateHost,
  options: ValidateOptions,
): Promise<Validation> {
  const results = await Promise.all(
    targets.map(target =>
      target.kind === 'home' ? checkHome(target, host, options) : checkFile(target, host, options),
    ),
  )
  const registries = results.flatMap(result => result.registries)
  const files = registries.map(({ path }) => path)
  const diagnostics = results.flatMap(result => result.diagnostics)
  return {
    report: toReport(files, diagnostics, options),
    sources: toQuotableSources(registries),
    unchecked: results.flatMap(result => result.unchecked),
  }
}

interface TargetResult extends Pick<Validation, 'unchecked'> {
  readonly registries: readonly LoadedRegistry[]
  readonly diagnostics: readonly Diagnostic[]
}

async function checkHome(
  { directory, names }: HomeTarget,
  host: ValidateHost,
  options: ValidateOptions,
): Promise<TargetResult> {
  const snapshot = await loadSnapshot(directory, host, { isStrict: true })
  const diagnostics = await diagnoseSnapshot(snapshot, host, options)
  const registries = names.map(name => snapshot.registries[name])
  const paths = new Set(registries.map(({ path }) => path))
  // When the whole home is the target, a missing file is a diagnostic instead.
  const missing = registryNames.filter(
    name => !names.includes(name) && snapshot.registries[name].state === 'missing',
  )
  const message = `references to and from ${missing.join(', ')} not checked: file missing`
  return {
    registries,
    diagnostics: diagnostics.filter(({ file }) => paths.has(file)),
    unchecked: missing.length === 0 ? [] : [...paths].map(path => ({ path, message })),
  }
}

async function checkFile(
  file: FileTarget,
  host: ValidateHost,
  options: ValidateOptions,
): Promise<TargetResult> {
  const registry = await loadLooseRegistry(file, host)
  const diagnostics = await diagnoseSnapshot(toLoneSnapshot(registry), host, options)
  const message = `checked alone, as ${file.name}: references to and from other registries not checked`
  return { registries: [registry], diagnostics, unchecked: [{ path: file.path, message }] }
}

// Fields that nearly every entry of the registry has, and that files of other kinds rarely have.
const typicalFields: Readonly<Record<RegistryName, readonly string[]>> = {
  hyper: ['sub_registries', 'registry_type', 'dependency_graph'],
  dashboard: ['sections'],
  tools: ['detection', 'env_var', 'version_check'],
  providers: ['auth_type', 'key_env', 'base_url', 'endpoint'],
  models: ['provider', 'context_tokens', 'capabilities'],
  plugins: ['functions', 'dependencies'],
  microservices: ['endpoints', 'health_endpoint'],
  adapters: ['path', 'provider', 'capabilities_enum'],
  ml_frameworks: ['import_name', 'detection', 'env_var'],
}

/**
 * Content that a report may quote, by path: only files that look like a registry. A file that only has the name of one
 * may contain secrets, and others read the report.
 */
function toQuotableSources(registries: readonly LoadedRegistry[]): ReadonlyMap<string, string> {
  return new Map(
    registries.flatMap(({ name, path, text }): [string, string][] =>
      text !== undefined && isRegistryLike(name, text) ? [[path, text]] : [],
    ),
  )
}

function isRegistryLike(name: RegistryName, text: string): boolean {
  const start = text.replace(/^\ufeff/, '').trimStart()
  if (!start.startsWith('{')) return false
  return typicalFields[name].some(field => text.includes(`"${field}"`))
}

type ReportOptions = Pick<ValidateOptions, 'rules' | 'strict' | 'maxWarnings'>

/** Applies the levels of rules, sorts, counts, and decides whether the files are valid. */
function toReport(
  files: readonly string[],
  diagnostics: readonly Diagnostic[],
  { rules: levels = {}, strict = false, maxWarnings = Number.POSITIVE_INFINITY }: ReportOptions,
): ValidationReport {
  const levelled = diagnostics.flatMap(diagnostic => applyLevel(diagnostic, levels)).sort(compare)
  const errors = levelled.filter(({ severity }) => severity === 'error').length
  const warnings = levelled.length - errors
  const counted = levelled.filter(({ severity, rule }) => severity === 'warning' && !advice.has(rule)).length
  const valid = errors === 0 && counted <= (strict ? 0 : maxWarnings)
  return { valid, files: [...files].sort(), errors, warnings, diagnostics: levelled }
}

/** Rules whose findings never make an invalid result. */
const advice = new Set(rules.filter(({ isAdvice }) => isAdvice).map(({ id }) => id))

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
