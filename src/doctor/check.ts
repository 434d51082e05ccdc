import type { AlertsConfig } from '../config/config.ts'
import type { Host } from '../platform/host.ts'
import type { RegistryHome } from '../registry/home/directories.ts'
import type { CheckName, HealthFinding } from '../sync/health.ts'

/** What a check may look at. It changes nothing. */
export interface CheckContext {
  readonly host: Host
  /** Registry home of this call; rejects with a NexusError when it cannot be used. */
  requireHome(): Promise<RegistryHome>
  /** The same, or undefined: the check of the home tells why. */
  findHome(): Promise<RegistryHome | undefined>
  readonly python: string | undefined
  /** Configuration files that were read, and what was wrong with them. */
  readonly config: { readonly files: readonly string[]; readonly notes: readonly string[] }
  /** Who is told of registries that cannot be used. */
  readonly alerts: AlertsConfig
}

/** A look at one part of the installation. */
export interface Check {
  readonly name: CheckName
  run(context: CheckContext): Promise<readonly HealthFinding[]>
}
