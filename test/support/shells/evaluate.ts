import { execFile } from 'node:child_process'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { promisify } from 'node:util'

/** Names that an unquoted word, a glob or an option would pick up. */
const hostileNames = [
  'a',
  '1',
  'ab',
  '-n',
  '-e',
  'a b',
  '*',
  '?',
  '[a]',
  "'",
  '"',
  ';',
  '$x',
  '`',
  '\\',
  '=',
  'export',
]

const run = promisify(execFile)

export interface Evaluation {
  /** The exported environment afterwards, as bytes in latin1: nothing is decoded. */
  readonly environment: ReadonlyMap<string, string>
  /** What the shell printed besides, and files that came or went. */
  readonly sideEffects: readonly string[]
}

/**
 * Gives the text to a real shell, in a directory full of hostile file names. The script finds the text's path in `$FILE`.
 */
export async function evaluate(
  argv: readonly [string, ...string[]],
  options: { script: string; text: string; directory: string; env?: Record<string, string> },
): Promise<Evaluation> {
  const file = nodePath.join(options.directory, 'text')
  const cwd = nodePath.join(options.directory, 'cwd')
  const environmentFile = nodePath.join(options.directory, 'environment')
  await mkdir(cwd, { recursive: true })
  await Promise.all(hostileNames.map(name => writeFile(nodePath.join(cwd, name), '')))
  await writeFile(file, options.text)
  await rm(environmentFile, { force: true })
  const [program, ...args] = argv
  const { stdout, stderr } = await run(program, [...args, `${options.script}\nenv -0 > "$ENVIRONMENT"`], {
    cwd,
    env: {
      PATH: '/usr/bin:/bin',
      HOME: options.directory,
      FILE: file,
      ENVIRONMENT: environmentFile,
      LC_ALL: 'C.UTF-8',
      ...options.env,
    },
    encoding: 'latin1',
  })
  const names = await readdir(cwd)
  return {
    environment: parseEnvironment(await readFile(environmentFile, 'latin1')),
    sideEffects: [stdout, stderr, ...differences(names)].filter(text => text !== ''),
  }
}

function parseEnvironment(text: string): Map<string, string> {
  const entries = text.split('\0').filter(line => line.includes('='))
  return new Map(entries.map(line => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]))
}

function differences(names: readonly string[]): string[] {
  const came = names.filter(name => !hostileNames.includes(name))
  const gone = hostileNames.filter(name => !names.includes(name))
  return [...came.map(name => `made ${name}`), ...gone.map(name => `removed ${name}`)]
}
