import { NexusError } from '../lib/errors.ts'
import type { Environment } from '../platform/host.ts'
import type { ConfigFile } from '../registry/schema/config.ts'

export type RuleLevel = 'off' | 'warning' | 'error'

/** The settings that apply to this call: without flags; variables before files before defaults. */
export interface Config {
  /** Registry home of the user's configuration, absolute. `locateHome` reads flag and variable. */
  readonly home: string | undefined
  /** Python interpreter to search, absolute or a name to find on PATH. */
  readonly python: string | undefined
  /** Directory of the platform whose files adapters and plug-ins are, absolute. */
  readonly platformRoot: string | undefined
  /** Probes at once. */
  readonly concurrency: number | undefined
  /** Deadline of each probe, in milliseconds. */
  readonly timeoutMs: number | undefined
  readonly network: NetworkConfig
  /** Whether the default home takes newer shipped data at the first sync after an update of the program. */
  readonly upgrade: NonNullable<ConfigFile['upgrade']>
  /** Addresses of catalogues that import reads instead of their own, by their names. */
  readonly imports: NonNullable<ConfigFile['imports']>
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
  /** Addresses and ranges near this machine that may be requested, or `localhost`. */
  readonly allowPrivate: readonly string[]
  /** Ids of the providers whose credential may be sent to them, to check it. */
  readonly checkCredentials?: readonly string[] | undefined
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
interface ServerConfig {
  readonly host: string | undefined
  readonly port: number | undefined
  readonly socket: string | undefined
  readonly cert: string | undefined
  readonly key: string | undefined
  readonly allowedHosts: readonly string[]
  /** Requests that an address may send in a minute. */
  readonly rateLimit: number | undefined
}

interface ValidateConfig {
  /** Level of rules by id, where it differs from the rule's own. */
  readonly rules: Readonly<Record<string, RuleLevel>>
  /** Whether warnings count as errors. */
  readonly strict: boolean
  /** How far ahead a retirement is worth a warning, in days. */
  readonly horizonDays: number | undefined
}

/** Variables that set what a configuration file can set too, and win over it. */
export const configVariables = {
  python: 'NEXUS_REGISTRY_PYTHON',
  concurrency: 'NEXUS_REGISTRY_CONCURRENCY',
  timeout: 'NEXUS_REGISTRY_TIMEOUT',
  platformRoot: 'NEXUS_PLATFORM_ROOT',
} as const

export interface VariableSettings {
  readonly python?: string
  readonly platformRoot?: string
  readonly concurrency?: number
  /** Seconds. */
  readonly timeout?: number
}

interface ReadVariables {
  readonly settings: VariableSettings
  /** What was wrong with the others. */
  readonly errors: readonly NexusError[]
}

/** Reads the settings of environment variables. An empty one counts as unset. */
export function readConfigVariables(env: Environment): ReadVariables {
  const python = env[configVariables.python]
  const platformRoot = env[configVariables.platformRoot]
  const concurrency = readNumber(configVariables.concurrency, env, { least: 1, most: 256, isWhole: true })
  const timeout = readNumber(configVariables.timeout, env, { least: 0.001, most: 600, isWhole: false })
  return {
    settings: {
      ...(python ? { python } : {}),
      ...(platformRoot ? { platformRoot } : {}),
      ...(concurrency.value === undefined ? {} : { concurrency: concurrency.value }),
      ...(timeout.value === undefined ? {} : { timeout: timeout.value }),
    },
    errors: [concurrency.error, timeout.error].filter(error => error !== undefined),
  }
}

interface NumberBounds {
  readonly least: number
  readonly most: number
  readonly isWhole: boolean
}

function readNumber(
  name: string,
  env: Environment,
  { least, most, isWhole }: NumberBounds,
): { value?: number; error?: NexusError } {
  const text = env[name]?.trim()
  if (!text) return {}
  const value = Number(text)
  if (value >= least && value <= most && (!isWhole || Number.isInteger(value))) return { value }
  const expected = `a ${isWhole ? 'whole ' : ''}number from ${least} to ${most}`
  const error = new NexusError('config', `the variable ${name} is ${JSON.stringify(text)}, not ${expected}`, {
    hint: `Set it to ${expected}, or unset it`,
  })
  return { error }
}
