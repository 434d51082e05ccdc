import type { Readable } from 'node:stream'
import type { Environment, ProcessRequest } from '../core/host.ts'

export interface ProcessExit {
  readonly code: number | null
  readonly signal: string | null
}

export interface StartedProcess {
  readonly pid: number
  readonly stdout: Readable
  readonly stderr: Readable
  readonly exit: Promise<ProcessExit>
  /** Lets this program end although the process may still be there. */
  release(): void
}

/** Starts a process in a group of its own, or says with the system's error code why it could not be started. */
export async function startProcess(
  request: ProcessRequest,
  mark: Environment,
): Promise<StartedProcess | { error: string }> {
  // A NUL would cut the argument short: Node refuses it with an exception.
  if (request.argv.some(part => part.includes('\0'))) return { error: 'EINVAL' }
  // execa takes longer to load than everything else: a run that starts nothing does without it.
  const { execa } = await import('execa')
  const [file, ...args] = request.argv
  const child = execa(file, args, {
    cwd: request.cwd,
    env: { ...request.env, ...mark },
    extendEnv: false,
    reject: false,
    // A group of its own, which execa then leaves alone when this program exits: see process-exit.ts.
    detached: process.platform !== 'win32',
    // execa's own buffering waits for every holder of the pipe, and stops at its limit.
    buffer: false,
    encoding: 'buffer',
    ...(request.input === undefined ? { stdin: 'ignore' } : { input: request.input }),
    stdout: 'pipe',
    stderr: 'pipe',
  })
  const { pid, stdout, stderr } = child
  if (pid === undefined) return { error: (await child).code ?? 'UNKNOWN' }
  const exit = new Promise<ProcessExit>(resolve => {
    child.once('exit', (code, signal) => resolve({ code, signal }))
  })
  const release = () => {
    child.stdin?.destroy()
    child.unref()
  }
  return { pid, stdout, stderr, exit, release }
}
