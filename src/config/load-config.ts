import { NexusError } from '../lib/errors.ts'
import type { Host } from '../platform/host.ts'
import type { ConfigFile } from '../registry/schema/config.ts'
import { type Config, readConfigVariables, type VariableSettings } from './config.ts'
import { type ConfigFilesHost, type ConfigPlace, findProjectFiles, findUserFile } from './config-files.ts'
import type { CheckedConfig, ConfigProblem, ReadConfigFile } from './load-config-file.ts'

export interface ConfigRequest {
  /** File of `--config`, which replaces the user's own. */
  readonly flag: string | undefined
  /** `tolerant`: what cannot be used is noted and left out. `strict`: it is an error. */
  readonly mode: 'strict' | 'tolerant'
}

interface LoadedConfig {
  readonly config: Config
  /** Sentences for stderr: what does not count, and why. */
  readonly notes: readonly string[]
}

interface ConfigHost extends ConfigFilesHost {
  readonly readConfigFile: ReadConfigFile
}

/**
 * Finds, reads and merges the configuration of this call. Without a file, no parser is loaded.
 * Rejects in strict mode with a NexusError that names file and line.
 */
export async function loadConfig(request: ConfigRequest, host: ConfigHost): Promise<LoadedConfig> {
  const notes: string[] = []
  const guard = createGuard(request.mode, notes)
  const [userFile, projectFiles] = await Promise.all([
    guard(() => findUserFile(request.flag, host)),
    findProjectFiles(host),
  ])
  const variables = readConfigVariables(host.env)
  for (const error of variables.errors) await guard(() => Promise.reject(error))
  const load = (places: readonly ConfigPlace[]) => loadFirst(places, { guard, notes, host })
  const user = await load(userFile ? [userFile] : [])
  const project = await load(projectFiles)
  return { config: mergeConfig({ user, project, variables: variables.settings }, host), notes }
}

type Guard = <T>(step: () => Promise<T>) => Promise<T | undefined>

function createGuard(mode: ConfigRequest['mode'], notes: string[]): Guard {
  return async step => {
    try {
      return await step()
    } catch (error) {
      if (mode === 'strict' || !(error instanceof NexusError)) throw error
      notes.push(error.hint ? `${error.message} (${error.hint})` : error.message)
      return undefined
    }
  }
}

interface Loading {
  readonly guard: Guard
  readonly notes: string[]
  readonly host: ConfigHost
}

// The first file that holds a configuration counts; package.json usually holds none.
async function loadFirst(
  places: readonly ConfigPlace[],
  loading: Loading,
): Promise<ConfigSource | undefined> {
  for (const place of places) {
    const checked = await loading.guard(() => loadOne(place, loading.host))
    if (!checked) continue
    loading.notes.push(...checked.notes)
    await loading.guard(() => rejectProblems(checked.problems))
    return { place, content: checked.content }
  }
  return undefined
}

async function loadOne(place: ConfigPlace, host: ConfigHost): Promise<CheckedConfig | undefined> {
  const { loadConfigFile } = await import('./load-config-file.ts')
  return loadConfigFile(place, { host, read: host.readConfigFile })
}

async function rejectProblems(problems: readonly ConfigProblem[]): Promise<void> {
  const [only, ...others] = problems
  if (!only) return
  if (others.length === 0) throw new NexusError('config', only.message, only.hint ? { hint: only.hint } : {})
  const lines = problems.map(({ message, hint }) => (hint ? `${message} (${hint})` : message))
  throw new NexusError('config', lines.join('\n'))
}

/** A configuration file that counts. */
interface ConfigSource {
  readonly place: ConfigPlace
  readonly content: ConfigFile
}

type PathHost = Pick<Host, 'cwd' | 'userHome' | 'path'>

/** The settings of this call: variables before the project's file before the user's. */
function mergeConfig(
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
    platformRoot: variables.platformRoot
      ? toAbsolute(variables.platformRoot, host.cwd, host)
      : own.platform_root && toAbsolute(own.platform_root, directory, host),
    concurrency: variables.concurrency ?? own.concurrency,
    timeoutMs: timeout === undefined ? undefined : Math.round(timeout * 1000),
    network: {
      allowPrivate: own.allow_private ?? [],
      checkCredentials: own.check_credentials ?? [],
      upstreams: Object.fromEntries(
        Object.entries(own.upstreams ?? {}).map(([origin, { token_env: tokenEnv, token_file: file }]) => [
          origin,
          { tokenEnv, tokenFile: file && toAbsolute(file, directory, host) },
        ]),
      ),
    },
    upgrade: own.upgrade ?? 'automatic',
    imports: own.imports ?? {},
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

// A bare name is searched on PATH; a name with a directory is a path.
function toProgramPath(text: string, directory: string, host: PathHost): string {
  return /[\\/]/.test(text) || text.startsWith('~') ? toAbsolute(text, directory, host) : text
}

function toAbsolute(text: string, directory: string, host: PathHost): string {
  const isInUserHome = text === '~' || text.startsWith('~/')
  if (isInUserHome && host.userHome) return host.path.join(host.userHome, text.slice(1))
  return host.path.resolve(directory, text)
}
