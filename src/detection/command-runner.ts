import pLimit from 'p-limit'
import { limits } from '../lib/limits.ts'
import type { Argv } from '../lib/shell/command-line.ts'
import type { Host, ProcessResult } from '../platform/host.ts'
import type { ProbeContext, RunCommand } from './probe.ts'
import { type ProbeScope, probeEnvironment } from './probe-environment.ts'
import { createScratch, type Scratch, sweepScratch } from './scratch.ts'

interface CommandRunner {
  readonly run: RunCommand
  /** Removes what was made for the commands, and what they left in it. */
  dispose(): Promise<void>
}

type RunnerHost = Pick<
  Host,
  | 'env'
  | 'uid'
  | 'fs'
  | 'path'
  | 'clock'
  | 'platform'
  | 'processes'
  | 'randomName'
  | 'interrupted'
  | 'deferSignals'
  | 'userHome'
>

interface RunnerOptions {
  /** Whether to remove what killed runs left, once a command is run. */
  readonly isSweeping?: boolean
}

/**
 * Runs the commands of a detection: at most `concurrency` at once, first come first served, with prompts, pagers and
 * update checks off, in an empty directory so that nothing in the working directory can stand in for anything.
 */
export function createCommandRunner(
  concurrency: number,
  host: RunnerHost,
  { isSweeping = false }: RunnerOptions = {},
): CommandRunner {
  const limit = pLimit(concurrency)
  let pending: Promise<Scratch> | undefined
  let sweeping: Promise<void> | undefined
  let stopDeferring = (): void => undefined
  return {
    run: async (argv, { env, reach = 'everything', ...options }) => {
      if (pending === undefined) {
        stopDeferring = host.deferSignals()
        pending = createScratch(host)
      }
      const scratch = await pending
      // The first commands run meanwhile.
      if (isSweeping) sweeping ??= sweepScratch(host)
      const result = await limit(() =>
        host.processes.run({
          argv,
          cwd: scratch.cwd,
          env: { ...probeEnvironment(reach, scratch, host), ...env },
          maxOutputBytes: limits.outputBytes,
          signal: host.interrupted,
          ...options,
        }),
      )
      return reach === 'nothing' ? withOwnPaths(result, scratch, host) : result
    },
    dispose: async () => {
      if (!pending) return
      const { root } = await pending
      // What a command left there and cannot be removed changes nothing about what was found.
      await host.fs.removeTree(root).catch(() => undefined)
      await sweeping
      stopDeferring()
    },
  }
}

/** What a program prints of its paths is the same at each detection, and true after it. */
function withOwnPaths(
  result: ProcessResult,
  scratch: Scratch,
  { fs, userHome = '~' }: Pick<Host, 'fs' | 'userHome'>,
): ProcessResult {
  const replace = (text: string) =>
    text.replaceAll(scratch.home, userHome).replaceAll(scratch.temporary, fs.temporaryDirectory)
  return { ...result, stdout: replace(result.stdout), stderr: replace(result.stderr) }
}

interface IsolatedRun {
  readonly timeoutMs: number
  readonly env?: Record<string, string | undefined>
  /** Whether the result is what the caller needs. */
  readonly isResult: (result: ProcessResult) => boolean | Promise<boolean>
  /** What the second try may reach; the default is `home`. */
  readonly otherwise?: Exclude<ProbeScope, 'nothing'>
}

/**
 * Runs a command about the program itself without side effects: in an empty home, without network. Some programs need what
 * is installed in the home. So a command that fails runs once more with it, in the remaining time.
 */
export async function runIsolated(
  argv: Argv,
  { isResult, otherwise = 'home', ...options }: IsolatedRun,
  context: Pick<ProbeContext, 'run'>,
): Promise<ProcessResult> {
  const first = await context.run(argv, { ...options, reach: 'nothing' })
  const hasEnded = first.outcome === 'exited' || first.outcome === 'signaled'
  const timeoutMs = Math.floor(options.timeoutMs - first.durationMs)
  if (!hasEnded || timeoutMs < 1 || (await isResult(first))) return first
  const second = await context.run(argv, { ...options, timeoutMs, reach: otherwise })
  return second.outcome === 'timed-out' ? first : second
}
