import type { Host } from '../platform/host.ts'
import type { ConfigFile } from '../registry/schema/config.ts'
import type { Config } from './config.ts'
import type { ConfigPlace } from './config-files.ts'
import type { VariableSettings } from './config-variables.ts'

/** A configuration file that counts. */
export interface ConfigSource {
  readonly place: ConfigPlace
  readonly content: ConfigFile
}

type PathHost = Pick<Host, 'cwd' | 'userHome' | 'path'>

/** The settings of this call: variables before the project's file before the user's. */
export function mergeConfig(
  {
    user,
    project,
    variables,
  }: {
    user: ConfigSource | undefined
    project: ConfigSource | undefined
    variables: VariableSettings
  },
  host: PathHost,
): Config {
  const directory = user ? host.path.dirname(user.place.path) : host.cwd
  const own = user?.content ?? {}
  const python = variables.python
    ? toProgramPath(variables.python, host.cwd, host)
    : own.python && toProgramPath(own.python, directory, host)
  const timeout = variables.timeout ?? own.timeout
  return {
    home: own.home && toAbsolute(own.home, directory, host),
    python,
    concurrency: variables.concurrency ?? own.concurrency,
    timeoutMs: timeout === undefined ? undefined : Math.round(timeout * 1000),
    network: {
      allowPrivate: own.allow_private ?? [],
      upstreams: Object.fromEntries(
        Object.entries(own.upstreams ?? {}).map(([origin, { token_env: tokenEnv, token_file: file }]) => [
          origin,
          { tokenEnv, tokenFile: file && toAbsolute(file, directory, host) },
        ]),
      ),
    },
    alerts: mergeAlerts(own.alerts, directory, host),
    server: toServerConfig(own.server, directory, host),
    validate: mergeValidate(own.validate, project?.content.validate),
    query: { ...own.query, ...project?.content.query },
    graph: { ...own.graph, ...project?.content.graph },
    files: [user, project].flatMap(source => (source ? [source.place.path] : [])),
  }
}

function mergeAlerts(own: ConfigFile['alerts'], directory: string, host: PathHost): Config['alerts'] {
  const [program, ...args] = own?.command ?? []
  const command = program === undefined ? undefined : [toProgramPath(program, directory, host), ...args]
  return { webhook: own?.webhook, command }
}

function toServerConfig(own: ConfigFile['server'], directory: string, host: PathHost): Config['server'] {
  const toPath = (text: string | undefined) => text && toAbsolute(text, directory, host)
  return {
    host: own?.host,
    port: own?.port,
    socket: toPath(own?.socket),
    cert: toPath(own?.cert),
    key: toPath(own?.key),
    allowedHosts: own?.allowed_hosts ?? [],
    rateLimit: own?.rate_limit,
  }
}

type ValidateSettings = ConfigFile['validate']

function mergeValidate(user: ValidateSettings, project: ValidateSettings): Config['validate'] {
  const horizon = project?.horizon ?? user?.horizon
  return {
    rules: { ...user?.rules, ...project?.rules },
    strict: project?.strict ?? user?.strict ?? false,
    horizonDays: horizon === undefined ? undefined : Number.parseInt(horizon, 10),
  }
}

// A bare name is looked up on PATH; anything with a directory in it is a path.
function toProgramPath(text: string, directory: string, host: PathHost): string {
  return /[\\/]/.test(text) || text.startsWith('~') ? toAbsolute(text, directory, host) : text
}

function toAbsolute(text: string, directory: string, host: PathHost): string {
  const isInUserHome = text === '~' || text.startsWith('~/')
  if (isInUserHome && host.userHome) return host.path.join(host.userHome, text.slice(1))
  return host.path.resolve(directory, text)
}
