import type { ValidationReport } from '../../core/diagnostic.ts'
import type { PlannedHome } from './plan-paths.ts'
import { toReport } from './to-report.ts'
import { diagnoseHome, type ValidateHost, type ValidateOptions } from './validate-home.ts'

export interface Validation {
  readonly report: ValidationReport
  /** Texts of the files by absolute path, as far as there are any. */
  readonly sources: ReadonlyMap<string, string>
}

/** Checks several directories, and reports on the files that were asked for. */
export async function validateHomes(
  homes: readonly PlannedHome[],
  host: Omit<ValidateHost, 'cwd'>,
  options: ValidateOptions,
): Promise<Validation> {
  const parts = await Promise.all(homes.map(home => validatePart(home, host, options)))
  const registries = parts.flatMap(part => part.registries)
  const files = registries.map(({ path }) => path)
  const diagnostics = parts.flatMap(part => part.diagnostics)
  const settings = { levels: options.rules ?? {}, isStrict: options.strict ?? false }
  return {
    report: toReport(files, diagnostics, settings),
    sources: new Map(registries.flatMap(({ path, text }) => (text === undefined ? [] : [[path, text]]))),
  }
}

async function validatePart(
  { directory, names }: PlannedHome,
  host: Omit<ValidateHost, 'cwd'>,
  options: ValidateOptions,
) {
  const { snapshot, diagnostics } = await diagnoseHome(directory, host, options)
  const registries = names.map(name => snapshot.registries[name])
  const paths = new Set(registries.map(({ path }) => path))
  return { registries, diagnostics: diagnostics.filter(({ file }) => paths.has(file)) }
}
