import type { RegistryHome } from '../registry/home/home.ts'
import type { Snapshot } from '../registry/snapshot.ts'

export interface HasRequest {
  readonly home: RegistryHome
  /** Id or ref. */
  readonly name: string
  /** Semver range that the version must satisfy. */
  readonly range?: string | undefined
  readonly python?: string | undefined
  readonly timeoutMs?: number | undefined
  /** File of `--config`, which is part of what an answer belongs to. */
  readonly configFile?: string | undefined
}

/** What `has` reads of a home. */
export type DetectableRegistries = Pick<Snapshot['registries'], 'tools' | 'ml_frameworks' | 'hyper'>
