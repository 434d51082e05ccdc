import { toPointer } from '../lib/json/json-value.ts'
import type { Host } from '../platform/host.ts'
import type { Diagnostic, ValidationReport } from '../registry/diagnostic.ts'
import { toPlaceName } from '../registry/load/diagnose.ts'
import { loadLooseRegistry } from '../registry/load/load-registry.ts'
import { type RegistryName, registryFiles, registryNames } from '../registry/schema/names.ts'
import type { LoadedRegistry, Snapshot } from '../registry/snapshot.ts'
import { createSnapshot, parseText } from './partial-snapshot.ts'
import type { Planned, PlannedFile, PlannedHome } from './plan-paths.ts'
import type { ValidateOptions } from './rule.ts'
import {
  diagnoseHome,
  diagnoseSnapshot,
  findViolations,
  toReport,
  type ValidateHost,
} from './validate-home.ts'

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

/** Something wrong in registries that are not on disk yet: it contains no path of this machine. */
export interface TextFinding extends Pick<Diagnostic, 'rule' | 'severity' | 'message' | 'pointer' | 'hint'> {
  readonly registry: RegistryName
}

/** Validates content of registries again and again. Most of it is the same, so each text is parsed once. */
export interface TextValidation {
  readonly load: <Name extends RegistryName>(name: Name, text: string | undefined) => LoadedRegistry<Name>
  /** All errors and warnings in these texts and between them. What only other registries could show is not found. */
  readonly validate: ValidateContent
}

export type ValidateContent = (
  texts: ReadonlyMap<RegistryName, string | undefined>,
) => Promise<readonly TextFinding[]>

/** `known` are registries that were loaded before: their texts are not parsed again. */
export function createTextValidation(
  host: Pick<Host, 'clock'>,
  known?: Pick<Snapshot, 'registries'>,
): TextValidation {
  const load = createLoader(known)
  return {
    load,
    validate: async texts => {
      const snapshot = createSnapshot(name => load(name, texts.get(name)))
      const violations = await findViolations(snapshot, host, {})
      return registryNames.flatMap(registry => {
        const { diagnostics, text } = snapshot.registries[registry]
        if (text === undefined) return []
        return [
          ...diagnostics.map(found => toFinding(registry, found)),
          ...violations
            .filter(found => found.registry === registry)
            .map(found => toFinding(registry, toUnplacedDiagnostic(registry, found))),
        ]
      })
    },
  }
}

function toUnplacedDiagnostic(
  registry: RegistryName,
  found: Awaited<ReturnType<typeof findViolations>>[number],
) {
  const message = `${toPlaceName(registry, found.path)}: ${found.message}`
  return { ...found, message, pointer: toPointer(found.path) }
}

function toFinding(registry: RegistryName, found: Omit<TextFinding, 'registry'>): TextFinding {
  const { rule, severity, message, pointer, hint } = found
  return { registry, rule, severity, message, pointer, hint }
}

type Loaded = { readonly [Name in RegistryName]: Map<string, LoadedRegistry<Name>> }

function createLoader(known: Pick<Snapshot, 'registries'> | undefined): TextValidation['load'] {
  const loaded: Loaded = {
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
    if (text === undefined) return parseText(name, text, registryFiles[name])
    const earlier = known?.registries[name]
    const isReusable = earlier !== undefined && earlier.text === text && isFaultless(earlier)
    const found =
      loaded[name].get(text) ??
      (isReusable ? { ...earlier, path: registryFiles[name] } : parseText(name, text, registryFiles[name]))
    loaded[name].set(text, found)
    return found
  }
}

// A backup in place of a file, or a file with diagnostics that contain its path, is parsed again.
function isFaultless({ state, copy, diagnostics }: LoadedRegistry): boolean {
  return state === 'ok' && copy === undefined && diagnostics.length === 0
}
