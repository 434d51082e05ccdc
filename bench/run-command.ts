import { spawnSync } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import path from 'node:path'

export type Argv = readonly [string, ...string[]]

export interface CommandOptions {
  /** Where it runs, and where its output is written to. */
  readonly directory: string
  readonly env: NodeJS.ProcessEnv
  /** Exit codes that are not a failure; only 0 unless said otherwise. */
  readonly exitCodes?: readonly number[]
  /** When it is killed, in milliseconds; two minutes unless said otherwise. */
  readonly deadlineMs?: number
}

export interface CommandRun {
  /** From before it is started until it has been reaped, in milliseconds. */
  readonly ms: number
  readonly stdout: string
}

const defaultDeadlineMs = 120_000

/** Runs a command to its end. Throws when it fails, with the last of what it said. */
export function runCommand([program, ...args]: Argv, options: CommandOptions): CommandRun {
  // Files, not pipes: a grandchild that outlives the command would keep a pipe open, and be measured too.
  const [outFile, errorFile] = ['stdout', 'stderr'].map(name => path.join(options.directory, name))
  if (outFile === undefined || errorFile === undefined) throw new Error('unreachable')
  const files = [openSync(outFile, 'w'), openSync(errorFile, 'w')] as const
  const start = performance.now()
  const { status, signal, error } = spawnSync(program, args, {
    cwd: options.directory,
    env: options.env,
    stdio: ['ignore', ...files],
    timeout: options.deadlineMs ?? defaultDeadlineMs,
    killSignal: 'SIGKILL',
  })
  const ms = performance.now() - start
  for (const file of files) closeSync(file)
  if (error) throw error
  if (!(options.exitCodes ?? [0]).includes(status ?? -1)) {
    const said = readFileSync(errorFile, 'utf8').slice(-1000)
    throw new Error(`${[program, ...args].join(' ')} ended with ${signal ?? status}: ${said}`)
  }
  return { ms, stdout: readFileSync(outFile, 'utf8') }
}
