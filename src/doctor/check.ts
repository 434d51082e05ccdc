import type { AlertsConfig } from '../config/config.ts'
import type { Host } from '../platform/host.ts'
import type { RegistryHome } from '../registry/home/directories.ts'
import type { CheckName, HealthFinding } from '../sync/health.ts'

/** Input of a check. A check changes nothing. */
export interface CheckContext {
  readonly host: Host
  /** Registry home of this call; rejects with a NexusError when it cannot be used. */
  requireHome(): Promise<RegistryHome>
  /** The same, or undefined; `homeCheck` reports why. */
  findHome(): Promise<RegistryHome | undefined>
  readonly python: string | undefined
  /** The configuration files, and the warnings about them. */
  readonly config: { readonly files: readonly string[]; readonly notes: readonly string[] }
  /** Receivers of alerts about unusable registries. */
  readonly alerts: AlertsConfig
}

/** Checks one part of the installation. */
export interface Check {
  readonly name: CheckName
  run(context: CheckContext): Promise<readonly HealthFinding[]>
}
