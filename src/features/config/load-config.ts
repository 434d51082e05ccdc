import type { Host } from '../../core/host.ts'
import type { Config } from './config.ts'

export interface ConfigRequest {
  /** File of `--config`, which stands in for the user's own. */
  readonly flag: string | undefined
  /** `tolerant`: what cannot be used is noted and left out. `strict`: it is an error. */
  readonly mode: 'strict' | 'tolerant'
}

export interface ConfigAnswer {
  readonly config: Config
  /** Sentences for stderr: what was ignored and why. */
  readonly notes: readonly string[]
}

type ConfigHost = Pick<Host, 'env' | 'cwd' | 'userHome' | 'path' | 'fs'>

/** Finds, reads and merges the configuration of this call. Rejects with a NexusError that names file and line. */
export async function loadConfig(_request: ConfigRequest, _host: ConfigHost): Promise<ConfigAnswer> {
  return {
    config: {
      home: undefined,
      python: undefined,
      concurrency: undefined,
      timeoutMs: undefined,
      validate: { rules: {}, strict: false, horizonDays: undefined },
      files: [],
    },
    notes: [],
  }
}
