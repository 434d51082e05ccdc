import type { NetworkConfig } from '../config/config.ts'
import type { Progress } from '../detection/detect.ts'
import type { ProbeMode } from '../detection/probe.ts'
import type { SubRegistryName } from '../registry/schema/names.ts'
import type { AlertSettings } from './alert/alert.ts'

export interface DetectHomeOptions {
  readonly mode: ProbeMode
  /** Whether caches are ignored, and what looks like a mistake of an upstream is done all the same. */
  readonly isForced: boolean
  /** Registries to sync; all of them unless said otherwise. */
  readonly only?: readonly SubRegistryName[] | undefined
  readonly concurrency?: number | undefined
  /** Deadline for entries that name none, in milliseconds. */
  readonly timeoutMs?: number | undefined
  readonly python?: string | undefined
  readonly onProgress?: ((progress: Progress) => void) | undefined
}

export interface SyncOptions extends DetectHomeOptions {
  /** Whether files stay as they are. */
  readonly isDryRun: boolean
  /** File of `--config`, which is part of what an answer belongs to. */
  readonly configFile?: string | undefined
  /** How upstreams may be reached; without it none is asked. */
  readonly network?: NetworkConfig | undefined
  /** See `EnvQuestion`. */
  readonly isPlain?: boolean | undefined
  /** Who is told of registries that cannot be used; nobody unless said otherwise. */
  readonly alerts?: AlertSettings | undefined
}
