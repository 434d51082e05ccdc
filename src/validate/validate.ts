import type { Host } from '../platform/host.ts'
import type { Diagnostic, ValidationReport } from '../registry/diagnostic.ts'
import { loadLooseRegistry } from '../registry/load/load-registry.ts'
import { type RegistryName, registryFiles, registryNames } from '../registry/schema/names.ts'
import type { LoadedRegistry } from '../registry/snapshot.ts'
import { createSnapshot, parseText } from './partial-snapshot.ts'
import type { Planned, PlannedFile, PlannedHome } from './plan-paths.ts'
import type { ValidateOptions } from './rule.ts'
import { diagnoseHome, diagnoseSnapshot, toReport, type ValidateHost } from './validate-home.ts'

export interface Validation {
  readonly report: ValidationReport
  /** Texts of the files by path, as far as lines of them may be shown. */
  readonly sources: ReadonlyMap<string, string>
  /** What could not be checked, by the path of the file or directory. */
  readonly unchecked: readonly Unchecked[]
}

export interface Unchecked {
  readonly path: string
  /** A clause: `what holds between it and … was not checked`. */
  readonly message: string
}

/** Checks homes and single files, and reports on what was asked for. */
export async function validatePlanned(
  planned: readonly Planned[],
  host: Omit<ValidateHost, 'cwd'>,
  options: ValidateOptions,
): Promise<Validation> {
  const parts = await Promise.all(
    planned.map(plan =>
      plan.kind === 'home' ? checkHome(plan, host, options) : checkFile(plan, host, options),
    ),
  )
  const registries = parts.flatMap(part => part.registries)
  const files = registries.map(({ path }) => path)
  const diagnostics = parts.flatMap(part => part.diagnostics)
  return {
    report: toReport(files, diagnostics, options),
    sources: toShownSources(registries),
    unchecked: parts.flatMap(part => part.unchecked),
  }
}

interface Part {
  readonly registries: readonly LoadedRegistry[]
  readonly diagnostics: readonly Diagnostic[]
  readonly unchecked: readonly Unchecked[]
}

async function checkHome(
  { directory, names }: PlannedHome,
  host: Omit<ValidateHost, 'cwd'>,
  options: ValidateOptions,
): Promise<Part> {
  const { snapshot, diagnostics } = await diagnoseHome(directory, host, options)
  const registries = names.map(name => snapshot.registries[name])
  const paths = new Set(registries.map(({ path }) => path))
  // Of a home that was named as a whole, a file that is not there is a finding of its own.
  const missing = registryNames.filter(
    name => !names.includes(name) && snapshot.registries[name].state === 'missing',
  )
  const message = `what holds between it and ${missing.join(', ')} was not checked: they are not there`
  return {
    registries,
    diagnostics: diagnostics.filter(({ file }) => paths.has(file)),
    unchecked: missing.length === 0 ? [] : [...paths].map(path => ({ path, message })),
  }
}

async function checkFile(
  file: PlannedFile,
  host: Omit<ValidateHost, 'cwd'>,
  options: ValidateOptions,
): Promise<Part> {
  // It brings the schemas, which a home whose contents are known does without.
  const { toLoneSnapshot } = await import('./partial-snapshot.ts')
  const registry = await loadLooseRegistry(file, host)
  const { diagnostics } = await diagnoseSnapshot(toLoneSnapshot(registry), host, options)
  const message = `checked by itself, as ${file.name}: what holds between it and the other registries was not`
  return { registries: [registry], diagnostics, unchecked: [{ path: file.path, message }] }
}

// Fields that an entry of each registry can hardly do without, and that no other file is likely to have.
const describing: Readonly<Record<RegistryName, readonly string[]>> = {
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
 * The texts that a report may show lines of, by path: those that look like the registry that they are named after. What
 * else bears the name may be a file with secrets, and reports are read by others.
 */
function toShownSources(registries: readonly LoadedRegistry[]): ReadonlyMap<string, string> {
  return new Map(
    registries.flatMap(({ name, path, text }): [string, string][] =>
      text !== undefined && isRegistryLike(name, text) ? [[path, text]] : [],
    ),
  )
}

function isRegistryLike(name: RegistryName, text: string): boolean {
  const start = text.replace(/^\ufeff/, '').trimStart()
  if (!start.startsWith('{')) return false
  return describing[name].some(field => text.includes(`"${field}"`))
}

/** Something wrong in a registry that lies nowhere yet: what is told of it holds no path of this machine. */
export interface TextFinding extends Pick<Diagnostic, 'rule' | 'severity' | 'message' | 'pointer' | 'hint'> {
  readonly registry: RegistryName
}

/**
 * Everything that is wrong in texts of registries, and between them. Of registries that are not among them nothing is
 * known: nothing is found that only they could tell.
 */
export type ValidateContent = (
  texts: ReadonlyMap<RegistryName, string | undefined>,
) => Promise<readonly TextFinding[]>

/** Validates texts again and again, of which most are the same: each is read once. */
export function createTextValidation(host: Pick<Host, 'clock'>): ValidateContent {
  const parse = createParser()
  return async texts => {
    const snapshot = createSnapshot(name => parse(name, texts.get(name)))
    const { diagnostics } = await diagnoseSnapshot(snapshot, host, {})
    return registryNames.flatMap(registry =>
      diagnostics
        .filter(({ file }) => file === registryFiles[registry])
        .map(found => toFinding(registry, found)),
    )
  }
}

function toFinding(registry: RegistryName, found: Diagnostic): TextFinding {
  const { rule, severity, message, pointer, hint } = found
  return { registry, rule, severity, message, pointer, hint }
}

type Known = { readonly [Name in RegistryName]: Map<string, LoadedRegistry<Name>> }

function createParser(): <Name extends RegistryName>(
  name: Name,
  text: string | undefined,
) => LoadedRegistry<Name> {
  const known: Known = {
    hyper: new Map(),
    dashboard: new Map(),
    tools: new Map(),
    providers: new Map(),
    models: new Map(),
    plugins: new Map(),
    microservices: new Map(),
    adapters: new Map(),
    ml_frameworks: new Map(),
  }
  return (name, text) => {
    const loaded =
      (text === undefined ? undefined : known[name].get(text)) ?? parseText(name, text, registryFiles[name])
    if (text !== undefined) known[name].set(text, loaded)
    return loaded
  }
}
