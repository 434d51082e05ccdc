import type { RegistryHome } from '../../registry/home/home.ts'
import type { sync } from '../sync.ts'
import type { SyncOptions } from '../sync-options.ts'
import type { WatchEvent } from './watch-event.ts'

export interface WatchRequest {
  readonly home: RegistryHome
  readonly options: SyncOptions
  /** What a poll does. */
  readonly sync: typeof sync
  /** Reads the configuration anew. Rejects when it cannot be used, and then the old one goes on. */
  readonly reload: () => Promise<ReloadedOptions>
  readonly tell: (event: WatchEvent) => void
}

export interface ReloadedOptions {
  readonly options: SyncOptions
  /** Configuration files that were read, absolute. */
  readonly files: readonly string[]
}
