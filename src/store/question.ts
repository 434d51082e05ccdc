import type { Host } from '../core/host.ts'
import { toKubeconfigFiles } from '../core/kubeconfig-files.ts'
import { program } from '../core/program.ts'
import { type Definitions, loadDefinitions } from './definitions.ts'
import { configDirectory } from './directories.ts'
import { isSettled, renderWatchedFile, toOneLine, type WatchedFile, watchFiles } from './watched-file.ts'

/**
 * Variables that decide which programs, which interpreter, which home and which configuration answer, in the order in
 * which scripts of answers name them. An unset one is an empty one.
 */
export const askedVariables = [
  'PATH',
  'VIRTUAL_ENV',
  'CONDA_PREFIX',
  'PYENV_VERSION',
  'KUBECONFIG',
  'HOME',
  'XDG_CONFIG_HOME',
  'XDG_DATA_HOME',
  'XDG_STATE_HOME',
  'NEXUS_REGISTRY_HOME',
  'NEXUS_REGISTRY_PYTHON',
  'NEXUS_REGISTRY_TIMEOUT',
] as const

/** What an answer of `env` belongs to. */
export interface Question {
  /** All of it: two questions are the same when their texts are. Lines `key=value`, see `renderWatchedFile`. */
  readonly text: string
  readonly look: Look
}

export interface QuestionOptions {
  /** Registry home, absolute. */
  readonly home: string
  /** File of `--config`, which stands in for the user's own. */
  readonly configFile?: string | undefined
  /** Interpreter that was named explicitly. */
  readonly python?: string | undefined
  /** Deadline that was named explicitly, in milliseconds. */
  readonly timeoutMs?: number | undefined
}

/** The files that an answer depends on. */
export interface Look {
  /** When it began, milliseconds since 1970. */
  readonly startedAt: number
  readonly definitions: Definitions
  /** Directories of PATH and files of configuration. */
  readonly surroundings: readonly WatchedFile[]
}

type QuestionHost = Pick<Host, 'env' | 'cwd' | 'userHome' | 'path' | 'fs' | 'clock' | 'sha256'>

/** Looks at everything that an answer depends on. */
export async function describeQuestion(options: QuestionOptions, host: QuestionHost): Promise<Question> {
  const startedAt = host.clock.now()
  const [surroundings, definitions] = await Promise.all([
    watchFiles(surroundingPaths(options, host), host),
    loadDefinitions(options.home, host),
  ])
  const look = { startedAt, definitions, surroundings }
  return { text: renderQuestion(options, look, host), look }
}

/** The question with these options, of the same look. */
export function renderQuestion(options: QuestionOptions, look: Look, { env }: Pick<Host, 'env'>): string {
  const facts = [
    ['version', program.version],
    ['home', options.home],
    ['definitions', look.definitions.id],
    ['python', options.python],
    ['timeout_ms', options.timeoutMs?.toString()],
    ...askedVariables.map(name => [name, env[name]]),
  ]
  const lines = facts.map(([key, value]) => `${key}=${toOneLine(value ?? '')}\n`)
  return [...lines, ...look.surroundings.map(renderWatchedFile)].join('')
}

/**
 * Whether every later change of what the question depends on will make it another one. The files of the home are left
 * out when their last writer was the asker itself, under its lock.
 */
export function isQuestionSettled({ look }: Question, { isOwnHome }: { isOwnHome: boolean }): boolean {
  const files = isOwnHome ? [] : look.definitions.files
  return [...look.surroundings, ...files].every(file => isSettled(file, look.startedAt))
}

function surroundingPaths(options: QuestionOptions, host: QuestionHost): string[] {
  const paths = [...searchedDirectories(host), ...configCandidates(options, host), ...toKubeconfigFiles(host)]
  return [...new Set(paths)]
}

// Empty and relative elements are never searched.
function searchedDirectories({ env, path }: QuestionHost): string[] {
  return (env.PATH ?? '').split(path.delimiter).filter(element => path.isAbsolute(element))
}

// A project's configuration may not set anything that changes what is found.
function configCandidates({ configFile }: QuestionOptions, host: QuestionHost): string[] {
  if (configFile !== undefined) return [host.path.resolve(host.cwd, configFile)]
  const directory = configDirectory(host)
  if (directory === undefined) return []
  return ['json', 'yaml', 'yml'].map(extension => host.path.join(directory, `config.${extension}`))
}
