import { type ProgramHost, toFileIdentity } from '../probe.ts'
import { parseShellScript, type ShellCommand, type ShellWord } from './shell-commands.ts'
import { readObject, toAncestors } from './shims/shim.ts'

/** A script that is inspected. */
export interface Script {
  readonly path: string
  readonly realPath: string
  readonly text: string
}

/** Describes a program that a script starts; undefined when what it runs is not known. */
type DescribeProgram = (path: string) => Promise<readonly string[] | undefined>

/**
 * What else than its own text decides what a script does: identities of files, values of variables. Undefined when that
 * cannot be worked out: such a script may be another program the next time.
 */
export async function findScriptInputs(
  script: Script,
  describeProgram: DescribeProgram,
  host: ProgramHost,
): Promise<readonly string[] | undefined> {
  const interpreter = /^#![ \t]*(\S+)(?:[ \t]+(?:-S[ \t]+)?(\S+))?/.exec(script.text)
  const [, program = '', argument = ''] = interpreter ?? []
  const name = host.path.basename(program) === 'env' ? argument : host.path.basename(program)
  const distribution = await findDistribution(script, host)
  if (distribution !== undefined) return distribution
  if (/^(?:ba|da|z|k|mk|a)?sh$/.test(name)) return findShellInputs(script, describeProgram, host)
  if (name === 'node' || name === 'nodejs') return findPackage(script, host)
  if (/^python[\d.]*$/.test(name) && host.path.isAbsolute(program) && name !== argument) {
    return findPythonInputs(script, program, describeProgram, host)
  }
  return undefined
}

/**
 * Shell scripts of large distributions, and the file beside them that an update replaces. They work out so much before
 * they start so many things that reading them shows nothing, and take long to start.
 */
const distributions: ReadonlyMap<string, readonly string[]> = new Map([
  ['gcloud', ['../VERSION']],
  ['gsutil', ['../VERSION']],
  ['bq', ['../VERSION']],
  ['az', ['../../opt/az/bin/python3', '../../opt/az/lib']],
  ['mvn', ['../lib', '../conf']],
  ['gradle', ['../lib', '../init.d']],
  ['kotlin', ['../build.txt']],
  ['kotlinc', ['../build.txt']],
  ['flutter', ['cache/flutter.version.json', 'cache/dart-sdk/version']],
  ['dart', ['cache/flutter.version.json', 'cache/dart-sdk/version']],
])

async function findDistribution(script: Script, host: ProgramHost): Promise<string[] | undefined> {
  const files = distributions.get(host.path.basename(script.realPath))
  if (files === undefined) return undefined
  const directory = host.path.dirname(script.realPath)
  const found = await Promise.all(files.map(file => describeFile(host.path.join(directory, file), host)))
  return found.every(file => file.isThere) ? found.map(file => file.text) : undefined
}

async function describeFile(path: string, host: ProgramHost): Promise<{ isThere: boolean; text: string }> {
  const info = await host.fs.stat(path).catch(() => undefined)
  if (info === undefined) return { isThere: false, text: `${path} is not there` }
  return { isThere: true, text: toFileIdentity(path, info) }
}

// A script of a package is replaced together with it, except during development, which its package.json shows.
async function findPackage(script: Script, host: ProgramHost): Promise<readonly string[] | undefined> {
  for (const directory of toAncestors(host.path.dirname(script.realPath), host).slice(0, 6)) {
    const file = host.path.join(directory, 'package.json')
    const content = await readObject(file, host)
    if (content?.name !== undefined) {
      const isLauncher = typeof content.name === 'string' && packagedLaunchers.has(content.name)
      return isLauncher || content.bin === undefined ? undefined : [(await describeFile(file, host)).text]
    }
  }
  return undefined
}

/** Packages whose programs start another version, by variables and files. */
const packagedLaunchers: ReadonlySet<string> = new Set([
  'corepack',
  '@bazel/bazelisk',
  '@bazel/buildifier',
  'nve',
  'n',
  '@pnpm/exe',
])

// Scripts of packages import the package and call it, like those that pip writes; what they import is beside Python.
async function findPythonInputs(
  { text }: Script,
  interpreter: string,
  describeProgram: DescribeProgram,
  host: ProgramHost,
): Promise<readonly string[] | undefined> {
  if (startsOrReads.test(text.replace(/^[ \t]*#.*$/gm, ''))) return undefined
  const python = await describePython(interpreter, describeProgram, host)
  const words = /\b(?:environ|getenv)\b/.test(text) ? text.matchAll(/(['"])([A-Za-z_]\w*)\1/g) : []
  const names = [...new Set([...words].map(([, , name = '']) => name))].sort()
  return python && [...python, ...names.map(name => `${name}=${host.env[name] ?? ''}`)]
}

const startsOrReads =
  /\b(?:exec\w*|spawn\w*|subprocess|popen\w*|runpy|import_module|__import__|eval|fork|pty|ctypes|pathlib|read_\w+|glob)\b|\b(?:system|open|compile)\s*\(/i

async function describePython(
  interpreter: string,
  describeProgram: DescribeProgram,
  host: ProgramHost,
): Promise<readonly string[] | undefined> {
  const program = await describeProgram(interpreter)
  if (program === undefined) return undefined
  return [...program, ...(await describeLibraries(interpreter, host))]
}

// A package that comes, goes or is upgraded changes the directory of packages.
async function describeLibraries(interpreter: string, host: ProgramHost): Promise<string[]> {
  const library = host.path.join(host.path.dirname(host.path.dirname(interpreter)), 'lib')
  const names = await host.fs.list(library).catch(() => [])
  const pythons = names.filter(name => /^python3(?:\.\d+)?$/.test(name)).sort()
  const directories = pythons.flatMap(name =>
    ['site-packages', 'dist-packages'].map(packages => host.path.join(library, name, packages)),
  )
  const described = await Promise.all(directories.map(directory => describeFile(directory, host)))
  return described.filter(({ isThere }) => isThere).map(({ text }) => text)
}

/** Commands of shells, and programs, that only do what their arguments name. */
const harmless: ReadonlySet<string> = new Set(
  (
    ': break continue done echo exit export false fi kill local printf read readonly return set shift sleep true ' +
    'ulimit umask unset wait }'
  ).split(' '),
)

async function findShellInputs(
  script: Script,
  describeProgram: DescribeProgram,
  host: ProgramHost,
): Promise<readonly string[] | undefined> {
  const parsed = parseShellScript(script.text, name => host.env[name])
  if (parsed === undefined) return undefined
  const inputs = [...parsed.variables].sort().map(name => `${name}=${host.env[name] ?? ''}`)
  for (const command of parsed.commands) {
    const found = await findCommandInputs(command, describeProgram, host)
    if (found === undefined) return undefined
    inputs.push(...found)
  }
  return inputs
}

async function findCommandInputs(
  { words, inputs }: ShellCommand,
  describeProgram: DescribeProgram,
  host: ProgramHost,
): Promise<readonly string[] | undefined> {
  const files = await describeWords(inputs, host)
  const found = await findProgramInputs(words, describeProgram, host)
  return files && found && [...files, ...found]
}

const keywords: ReadonlySet<string> = new Set([
  'if',
  'then',
  'elif',
  'else',
  'while',
  'until',
  'do',
  '!',
  '{',
  'time',
])

async function findProgramInputs(
  words: readonly ShellWord[],
  describeProgram: DescribeProgram,
  host: ProgramHost,
): Promise<readonly string[] | undefined> {
  const [first, ...rest] = skipAssignments(words)
  if (first === undefined) return []
  const name = first.value
  if (name === undefined) return undefined
  if (keywords.has(name)) return findProgramInputs(rest, describeProgram, host)
  if (name === 'exec') return findProgramInputs(skipOptions(rest, ['-a']), describeProgram, host)
  if (name === 'env') return findProgramInputs(skipOptions(rest, ['-u', '-C']), describeProgram, host)
  if (harmless.has(name)) return []
  // A test of a file chooses, too.
  if (['cat', '[', '[[', 'test'].includes(name)) return describeWords(rest, host)
  if (!host.path.isAbsolute(name)) return undefined
  const program = await describeProgram(name)
  const own = await describeWords(rest, host)
  const isPython = /^python[\d.]*$/.test(host.path.basename(name))
  return program && own && [...program, ...own, ...(isPython ? await describeLibraries(name, host) : [])]
}

function skipAssignments(words: readonly ShellWord[]): readonly ShellWord[] {
  const start = words.findIndex(({ isAssignment }) => !isAssignment)
  return start === -1 ? [] : words.slice(start)
}

function skipOptions(words: readonly ShellWord[], withValue: readonly string[]): readonly ShellWord[] {
  const [first, ...rest] = words
  if (first?.value === undefined || !first.value.startsWith('-')) return words
  return skipOptions(withValue.includes(first.value) ? rest.slice(1) : rest, withValue)
}

// What is an absolute path may be the file that decides.
async function describeWords(
  words: readonly ShellWord[],
  host: ProgramHost,
): Promise<readonly string[] | undefined> {
  const own = words.filter(({ isArguments }) => !isArguments)
  const values = own.flatMap(({ value }) => (value === undefined ? [] : [value]))
  if (values.length < own.length) return undefined
  const paths = values.flatMap(value => /(?:^|=)(\/.*)/s.exec(value)?.[1] ?? [])
  const relative = values.some(value => /^\.{0,2}[^-/]*\//.test(value) && !host.path.isAbsolute(value))
  if (relative) return undefined
  return (await Promise.all(paths.map(path => describeFile(path, host)))).map(({ text }) => text)
}
