import pLimit from 'p-limit'
import type { Host } from '../../core/host.ts'
import { limits } from '../../core/limits.ts'
import type { RunCommand } from '../../core/probe.ts'
import { probeEnvironment } from '../../core/probe-environment.ts'

export interface CommandRunner {
  readonly run: RunCommand
  /** Removes the empty directory that the commands ran in. */
  dispose(): Promise<void>
}

type RunnerHost = Pick<Host, 'env' | 'fs' | 'path' | 'processes' | 'randomName' | 'interrupted'>

/**
 * Runs the commands of a detection: at most `concurrency` at once, first come first served, with prompts, pagers and
 * update checks off, in an empty directory so that nothing in the working directory can stand in for anything.
 */
export function createCommandRunner(concurrency: number, host: RunnerHost): CommandRunner {
  const limit = pLimit(concurrency)
  let directory: Promise<string> | undefined
  return {
    run: async (argv, options) => {
      directory ??= makeEmptyDirectory(host)
      const cwd = await directory
      const { env, ...rest } = options
      return limit(() => {
        return host.processes.run({
          argv,
          cwd,
          env: { ...probeEnvironment(host.env), ...env },
          maxOutputBytes: limits.outputBytes,
          signal: host.interrupted,
          ...rest,
        })
      })
    },
    dispose: async () => {
      if (directory) await host.fs.removeTree(await directory)
    },
  }
}

async function makeEmptyDirectory(host: RunnerHost): Promise<string> {
  const directory = host.path.join(host.fs.temporaryDirectory, `nexus-registry-${host.randomName()}`)
  await host.fs.makeDirectory(directory, 0o700)
  return directory
}
