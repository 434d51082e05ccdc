import { execa } from 'execa'
import type { ProcessRequest, ProcessResult } from '../core/host.ts'

/** See `Processes.run`. */
export async function runProcess(request: ProcessRequest): Promise<ProcessResult> {
  const [file, ...args] = request.argv
  const result = await execa(file, args, {
    env: request.env,
    extendEnv: false,
    cwd: request.cwd,
    reject: false,
  })
  return {
    outcome: 'exited',
    exitCode: result.exitCode ?? null,
    signal: null,
    stdout: result.stdout,
    stderr: result.stderr,
    truncated: false,
    durationMs: result.durationMs,
    error: null,
  }
}
