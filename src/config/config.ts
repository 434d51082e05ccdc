import type { ConfigFile } from '../registry/schema/config.ts'

export type RuleLevel = 'off' | 'warning' | 'error'

/** The settings that apply to this call: flags aside, variables before files before defaults. */
export interface Config {
  /** Registry home of the user's configuration, absolute. Flag and variable are looked at by `locateHome`. */
  readonly home: string | undefined
  /** Python interpreter to ask, absolute or a name to find on PATH. */
  readonly python: string | undefined
  /** Probes at once. */
  readonly concurrency: number | undefined
  /** Deadline of each probe, in milliseconds. */
  readonly timeoutMs: number | undefined
  readonly network: NetworkConfig
  readonly alerts: AlertsConfig
  readonly server: ServerConfig
  readonly validate: ValidateConfig
  readonly query: NonNullable<ConfigFile['query']>
  readonly graph: NonNullable<ConfigFile['graph']>
  /** Files that were read, absolute, the user's first. */
  readonly files: readonly string[]
}

/** Where requests may go, and how to sign in there. */
export interface NetworkConfig {
  /** Addresses and ranges near this machine that may be asked, or `localhost`. */
  readonly allowPrivate: readonly string[]
  /** By address without path. */
  readonly upstreams: Readonly<Record<string, UpstreamConfig>>
}

export interface UpstreamConfig {
  readonly tokenEnv: string | undefined
  /** Absolute path. */
  readonly tokenFile: string | undefined
}

export interface AlertsConfig {
  readonly webhook: string | undefined
  /** Program, absolute or a name to find on PATH, and arguments. */
  readonly command: readonly string[] | undefined
}

/** How the server listens. Paths are absolute. */
export interface ServerConfig {
  readonly host: string | undefined
  readonly port: number | undefined
  readonly socket: string | undefined
  readonly cert: string | undefined
  readonly key: string | undefined
  readonly allowedHosts: readonly string[]
  /** Requests that an address may send in a minute. */
  readonly rateLimit: number | undefined
}

export interface ValidateConfig {
  /** Level of rules by id, where it differs from the rule's own. */
  readonly rules: Readonly<Record<string, RuleLevel>>
  /** Whether warnings count as errors. */
  readonly strict: boolean
  /** How far ahead a retirement is worth a warning, in days. */
  readonly horizonDays: number | undefined
}
