import type { Host } from '../platform/host.ts'
import type { Diagnostic, ValidationReport } from '../registry/diagnostic.ts'
import type { LoadHost } from '../registry/load/load-registry.ts'
import { loadSnapshot } from '../registry/load/load-snapshot.ts'
import { type RegistryName, registryNames } from '../registry/schema/names.ts'
import type { Snapshot } from '../registry/snapshot.ts'
import { locateFindings } from './locate-findings.ts'
import { rules } from './rules/index.ts'
import { runRules } from './run-rules.ts'
import { toReport } from './to-report.ts'
import type { ValidateOptions } from './validate-options.ts'

export type ValidateHost = LoadHost & Pick<Host, 'clock' | 'cwd'>

/** How far ahead the retirement of a model is worth a warning, in days. */
export const defaultHorizonDays = 30

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

export interface Diagnosed {
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
  const wanted = rules.filter(({ id }) => options.rules?.[id] !== 'off')
  const horizonDays = options.horizonDays ?? defaultHorizonDays
  const findings = await runRules(wanted, snapshot, { now: host.clock.now(), horizonDays })
  const structural = registryNames.flatMap((name: RegistryName) => snapshot.registries[name].diagnostics)
  return { snapshot, diagnostics: [...structural, ...locateFindings(findings, snapshot)] }
}
