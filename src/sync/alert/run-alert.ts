import { createProgramFinder } from '../../detection/programs/program-finder.ts'
import { limits } from '../../lib/limits.ts'
import type { Host, ProcessResult } from '../../platform/host.ts'
import type { TellSomebody } from './alert-message.ts'

type RunHost = Parameters<typeof createProgramFinder>[0] &
  Pick<Host, 'processes' | 'interrupted' | 'userHome' | 'fs'>

/** Runs a program of the user's for each alert, which comes on its stdin. No shell is involved. */
export function createRun([program = '', ...args]: readonly string[], host: RunHost): TellSomebody {
  const programs = createProgramFinder(host)
  return async message => {
    const { result } = await programs.find(program)
    if (result?.kind !== 'found') return `the command ${program} was not found`
    const ended = await host.processes.run({
      argv: [result.path, ...args],
      env: host.env,
      cwd: host.userHome ?? host.fs.temporaryDirectory,
      timeoutMs: limits.alertCommandTimeoutMs,
      maxOutputBytes: 0,
      input: `${JSON.stringify(message)}\n`,
      signal: host.interrupted,
    })
    const trouble = explainEnd(ended)
    return trouble === null ? null : `the command ${program} ${trouble}`
  }
}

// What it printed stays out of it: nobody knows what that is.
function explainEnd({ outcome, exitCode, signal, error }: ProcessResult): string | null {
  switch (outcome) {
    case 'exited':
      return exitCode === 0 ? null : `ended with ${exitCode}`
    case 'signaled':
      return `was ended by ${signal}`
    case 'timed-out':
      return `did not end within ${limits.alertCommandTimeoutMs / 1000} s`
    case 'aborted':
      return 'was interrupted'
    case 'not-started':
      return `could not be started (${error})`
  }
}
