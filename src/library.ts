import type { ProbeMode } from './detection/probe.ts'
import type { SyncReport } from './detection/report.ts'
import { createHost } from './platform/node/create-host.ts'
import type { ValidationReport } from './registry/diagnostic.ts'
import { locateHome } from './registry/home/locate-home.ts'
import { loadSnapshot as load } from './registry/load/load-snapshot.ts'
import { finishInterruptedChange } from './registry/lock/acquire-lock.ts'
import type { Snapshot } from './registry/snapshot.ts'
import { sync } from './sync/sync.ts'
import type { ValidateOptions } from './validate/rule.ts'
import { validateHome as validate } from './validate/validate.ts'

export type {
  DetectionChange,
  RegistryStatus,
  SyncReport,
  Timing,
  UpstreamReport,
} from './detection/report.ts'
export { NexusError } from './lib/errors.ts'
export { program } from './lib/program.ts'
export type { Diagnostic, ValidationReport } from './registry/diagnostic.ts'
export { parseRef, type Ref } from './registry/refs.ts'
export type { Adapter } from './registry/schema/adapter.ts'
export type { Dashboard } from './registry/schema/dashboard.ts'
export type {
  Detected,
  DetectionStatus,
  EvidenceKind,
  LocalDetected,
  LocalModel,
  ProviderDetected,
  ServiceDetected,
} from './registry/schema/detected.ts'
export type { Hyper } from './registry/schema/hyper.ts'
export type { Microservice } from './registry/schema/microservice.ts'
export type { MlFramework } from './registry/schema/ml-framework.ts'
export type { Model } from './registry/schema/model.ts'
export { type RegistryName, registryFiles, registryNames, subRegistryNames } from './registry/schema/names.ts'
export type { Plugin } from './registry/schema/plugin.ts'
export type { Provider } from './registry/schema/provider.ts'
export { type RegistryContents, registrySchemas } from './registry/schema/registries.ts'
export type { Tool } from './registry/schema/tool.ts'
export { entriesOf, type LoadedRegistry, type Snapshot } from './registry/snapshot.ts'
export type { ValidateOptions }

export interface LibraryOptions {
  /** Registry home. Without it: `NEXUS_REGISTRY_HOME`, else the user's own, which is created when it is not there. */
  readonly home?: string
  /** Ends what is under way: promises reject with its reason. */
  readonly signal?: AbortSignal
}

export interface DetectOptions extends LibraryOptions {
  /** quick: no commands. deep: ask engines and clusters too. */
  readonly mode?: ProbeMode
  /** Whether caches are ignored. */
  readonly isForced?: boolean
  /** Whether what is found is written into the home; false unless said otherwise. */
  readonly isWritten?: boolean
  readonly concurrency?: number
  /** Deadline for entries that name none, in milliseconds. */
  readonly timeoutMs?: number
  /** Python interpreter to ask for ML frameworks. */
  readonly python?: string
}

/** Reads the nine registries of a home. Errors in a file are in its `diagnostics`. Throws a NexusError when there is no home. */
export async function loadSnapshot(options: LibraryOptions = {}): Promise<Snapshot> {
  const { home, host } = await open(options)
  return load(home.directory, host)
}

/** Detects what a home lists on this machine, as `nexus-registry sync --json` prints it. A home that is not trusted runs no commands of its own. */
export async function detect(options: DetectOptions = {}): Promise<SyncReport> {
  const { home, host } = await open(options, options.isWritten ? 'write' : 'read')
  const { mode = 'normal', isForced = false, isWritten = false, concurrency, timeoutMs, python } = options
  const request = { mode, isForced, isDryRun: !isWritten, concurrency, timeoutMs, python }
  return (await sync(home, request, host)).report
}

/** Checks the files of a home and what holds between them. Never rejects for what the files hold. */
export async function validateHome(
  options: LibraryOptions & ValidateOptions = {},
): Promise<ValidationReport> {
  const { home, host } = await open(options)
  return validate(home.directory, host, options)
}

async function open({ home, signal }: LibraryOptions, purpose: 'read' | 'write' = 'read') {
  const host = createHost({ interrupted: signal ?? new AbortController().signal })
  const located = await locateHome({ flag: home, configured: undefined }, host, purpose)
  await finishInterruptedChange(located.directory, host)
  return { host, home: located }
}
