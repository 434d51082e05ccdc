import { NexusError } from '../lib/errors.ts'
import type { CheckedConfig, ConfigProblem } from './check-config.ts'
import type { Config } from './config.ts'
import { type ConfigFilesHost, type ConfigPlace, findProjectFiles, findUserFile } from './config-files.ts'
import { readConfigVariables } from './config-variables.ts'
import type { ReadConfigFile } from './load-config-file.ts'
import { type ConfigSource, mergeConfig } from './merge-config.ts'

export interface ConfigRequest {
  /** File of `--config`, which stands in for the user's own. */
  readonly flag: string | undefined
  /** `tolerant`: what cannot be used is noted and left out. `strict`: it is an error. */
  readonly mode: 'strict' | 'tolerant'
}

export interface ConfigAnswer {
  readonly config: Config
  /** Sentences for stderr: what does not count, and why. */
  readonly notes: readonly string[]
}

export interface ConfigHost extends ConfigFilesHost {
  readonly readConfigFile: ReadConfigFile
}

/**
 * Finds, reads and merges the configuration of this call. Where there is no file, nothing that could read one is loaded.
 * Rejects in strict mode with a NexusError that names file and line.
 */
export async function loadConfig(request: ConfigRequest, host: ConfigHost): Promise<ConfigAnswer> {
  const notes: string[] = []
  const guard = createGuard(request.mode, notes)
  const [userFile, projectFiles] = await Promise.all([
    guard(() => findUserFile(request.flag, host)),
    findProjectFiles(host),
  ])
  const variables = readConfigVariables(host.env)
  for (const fault of variables.faults) await guard(() => Promise.reject(fault))
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
