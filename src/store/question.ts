import { createDeadline } from '../core/deadline.ts'
import type { Host } from '../core/host.ts'
import { limits } from '../core/limits.ts'
import { program } from '../core/program.ts'
import { detectedRegistryNames, type RegistryName, registryFiles } from '../schema/names.ts'
import { configDirectory } from './directories.ts'

/** Variables that decide which programs and which interpreter answer. */
const variables = ['PATH', 'VIRTUAL_ENV', 'CONDA_PREFIX', 'PYENV_VERSION'] as const

/** Registries that decide what is asked, and how long the answer is good. */
const asked = [...detectedRegistryNames, 'hyper'] as const satisfies readonly RegistryName[]

/**
 * What an answer of `env` belongs to. All parts are lines `key=value`; a file is `stat=INODE SIZE MTIME PATH`, the mtime
 * in seconds with three decimals, cut off: what GNU `stat -L -c 'stat=%i %s %.3Y %n'` prints. What is missing has no line.
 */
export interface Question {
  /** Program version, home, settings, variables, directories of PATH, configuration files. */
  readonly surroundings: string
  /** A line for each registry file of the home that matters, by registry. */
  readonly homeFiles: Readonly<Record<(typeof asked)[number], string>>
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

type QuestionHost = Pick<Host, 'env' | 'cwd' | 'userHome' | 'path' | 'fs' | 'clock'>

/** Looks at everything that an answer depends on, by their identity only. Nothing is read. */
export async function describeQuestion(options: QuestionOptions, host: QuestionHost): Promise<Question> {
  // A directory on a dead network mount must not hold up a shell's start: it counts as missing.
  const deadline = createDeadline(limits.directoryTimeoutMs, host.clock)
  const lineOf = async (path: string) => (await deadline(describeFile(path, host))) ?? ''
  const [directories, configFiles, homeFiles] = await Promise.all([
    Promise.all(searchedDirectories(host).map(lineOf)),
    Promise.all(configCandidates(options, host).map(lineOf)),
    Promise.all(asked.map(name => lineOf(host.path.join(options.home, registryFiles[name])))),
  ])
  const facts = [
    ['version', program.version],
    ['home', options.home],
    ['python', options.python],
    ['timeout_ms', options.timeoutMs?.toString()],
    ...variables.map(name => [name, host.env[name]]),
  ]
  const [tools = '', frameworks = '', hyper = ''] = homeFiles
  return {
    surroundings: [
      ...facts.map(([key, value]) => `${key}=${inOneLine(value ?? '')}\n`),
      ...directories,
      ...configFiles,
    ].join(''),
    homeFiles: { tools, ml_frameworks: frameworks, hyper },
  }
}

/** The question as one text: two questions are the same when their texts are. */
export function renderQuestion({ surroundings, homeFiles }: Question): string {
  return [surroundings, ...asked.map(name => homeFiles[name])].join('')
}

/**
 * The question that an answer belongs to whose finder has itself written to the home since: as it was asked, but with the
 * files that were written as they are now. Undefined when somebody else has changed another file in between.
 */
export function afterOwnWrites(
  before: Question,
  after: Question,
  written: readonly RegistryName[],
): Question | undefined {
  const isForeign = asked.some(
    name => !written.includes(name) && before.homeFiles[name] !== after.homeFiles[name],
  )
  return isForeign ? undefined : { ...before, homeFiles: after.homeFiles }
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

async function describeFile(path: string, host: QuestionHost): Promise<string> {
  const info = await host.fs.stat(path).catch(() => undefined)
  if (info === undefined) return ''
  const mtime = (Math.floor(info.mtimeMs) / 1000).toFixed(3)
  return `stat=${info.inode} ${info.size} ${mtime} ${inOneLine(path)}\n`
}

function inOneLine(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
}
