import { type ChildProcess, spawn } from 'node:child_process'
import nodePath from 'node:path'
import { text } from 'node:stream/consumers'
import { systemPath } from '../shells/system-path.ts'
import { giveCompiledCode, shareCompiledCode } from './compiled-code.ts'

export interface ProgramRun {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface ProgramOptions {
  /** Stands for the home directory; nothing outside it is written. */
  readonly directory: string
  readonly cwd?: string
  readonly env?: Record<string, string | undefined>
  /** Whether the home is left as it is: else a new one gets what V8 has compiled of the program. */
  readonly isUntouched?: boolean
}

const main = nodePath.resolve('dist/main.cjs')

/** Starts the built program as users do, in an environment of its own. */
export function startProgram(args: readonly string[], options: ProgramOptions): ChildProcess {
  const env = { PATH: systemPath, HOME: options.directory, ...options.env }
  if (!options.isUntouched) giveCompiledCode(env, args)
  const child = spawn(process.execPath, [main, ...args], {
    cwd: options.cwd ?? options.directory,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  if (!options.isUntouched) child.once('close', () => shareCompiledCode(env, args))
  return child
}

/** Runs the built program to its end. */
export async function runProgram(args: readonly string[], options: ProgramOptions): Promise<ProgramRun> {
  return collect(startProgram(args, options))
}

/** What a process prints until it ends, and how it ends. */
export async function collect(child: ChildProcess): Promise<ProgramRun> {
  const ended = new Promise<number | null>(resolve => {
    child.on('close', resolve)
  })
  const [code, stdout, stderr] = await Promise.all([
    ended,
    child.stdout ? text(child.stdout) : '',
    child.stderr ? text(child.stderr) : '',
  ])
  return { code, stdout, stderr }
}
