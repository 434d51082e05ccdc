import type { Diagnostic, ValidationReport } from '../registry/diagnostic.ts'
import { loadLooseRegistry } from '../registry/load/load-registry.ts'
import { registryNames } from '../registry/schema/names.ts'
import type { LoadedRegistry } from '../registry/snapshot.ts'
import type { Planned, PlannedFile, PlannedHome } from './plan.ts'
import { toShownSources } from './shown-sources.ts'
import { toReport } from './to-report.ts'
import { diagnoseHome, diagnoseSnapshot, type ValidateHost } from './validate-home.ts'
import type { ValidateOptions } from './validate-options.ts'

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
