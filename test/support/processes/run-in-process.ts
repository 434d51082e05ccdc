import { spawn } from 'node:child_process'
import { once } from 'node:events'
import nodePath from 'node:path'
import type { Host, OutputStream } from '../../../src/platform/host.ts'
import { createHost } from '../../../src/platform/node/create-host.ts'
import { systemPath } from '../shells/system-path.ts'
import type { ProgramOptions, ProgramRun } from './run-program.ts'

// Calls of a file share its threads: one for each call would stay for the rest of the file.
const real = createHost({ interrupted: new AbortController().signal })

/**
 * Runs the program in this process, on the real host and in an environment of its own, and prints nothing. For tests of
 * what a command does and prints: each start of a process takes as long as ten such calls.
 */
export async function runInProcess(
  args: readonly string[],
  options: ProgramOptions & { readonly overrides?: Partial<Host> },
): Promise<ProgramRun> {
  const { run } = await import('../../../src/cli/run.ts')
  const written = { stdout: '', stderr: '' }
  const toStream = (name: 'stdout' | 'stderr'): OutputStream => ({
    write: text => {
      written[name] += text
    },
    isTerminal: false,
    columns: undefined,
  })
  const env = { PATH: systemPath, HOME: options.directory, ...options.env }
  const host: Host = {
    ...real,
    env,
    cwd: options.cwd ?? options.directory,
    userHome: env.HOME || undefined,
    stdout: toStream('stdout'),
    stderr: toStream('stderr'),
    writeNow: data => {
      written.stdout += typeof data === 'string' ? data : new TextDecoder().decode(data)
      return true
    },
    respawnDetached: moreArgs => startDetached(moreArgs, { env, cwd: host.cwd }),
    ...options.overrides,
  }
  const code = await run(args, host)
  return { code, ...written }
}

/** Starts the built program as the real host does, which starts what this process was started with. */
async function startDetached(
  args: readonly string[],
  place: { readonly env: NodeJS.ProcessEnv; readonly cwd: string },
): Promise<void> {
  const main = nodePath.resolve('dist/main.cjs')
  const child = spawn(process.execPath, [main, ...args], { ...place, detached: true, stdio: 'ignore' })
  await once(child, 'spawn')
  child.unref()
}
