import { createCommandRunner } from '../detection/command-runner.ts'
import { createProgramFinder } from '../detection/programs/program-finder.ts'
import { locateInterpreter } from '../detection/python/locate-interpreter.ts'
import { quietPython } from '../detection/python/python-environment.ts'
import { NexusError } from '../lib/errors.ts'
import type { Host } from '../platform/host.ts'

/** An interpreter that was named, and where. */
export interface NamedInterpreter {
  readonly python: string
  readonly place: '--python' | 'NEXUS_REGISTRY_PYTHON' | 'python in the configuration'
}

const hint = 'Name a Python interpreter, like /usr/bin/python3, or leave it out'

/**
 * Throws a NexusError for an interpreter that was named and is none. One that a flag names is started once; of the others
 * the file alone is looked at, so that a usual sync starts nothing more.
 */
export async function requireInterpreter({ python, place }: NamedInterpreter, host: Host): Promise<void> {
  const code = place === '--python' ? 'usage' : 'config'
  if (python.trim() === '') throw new NexusError(code, `${place} is empty`, { hint })
  const search = await locateInterpreter({ host, python, programs: createProgramFinder(host) })
  const reason = search.kind === 'found' ? undefined : search.reason
  if (reason !== undefined) throw new NexusError(code, `${place}: ${reason}`, { hint })
  if (search.kind !== 'found' || place !== '--python') return
  const { path } = search.interpreter
  if (await isPython(path, host)) return
  throw new NexusError(code, `${place}: ${path} does not answer as a Python interpreter`, { hint })
}

// Concatenated, so that a program that repeats its arguments does not answer.
const script = "print('nexus' + '-' + 'python')"

async function isPython(path: string, host: Host): Promise<boolean> {
  const runner = createCommandRunner(1, host)
  try {
    const { outcome, stdout } = await runner.run([path, '-c', script], {
      timeoutMs: 10_000,
      env: quietPython,
    })
    // One that is slow has proved nothing: its frameworks will be unknown.
    return outcome === 'timed-out' || outcome === 'aborted' || stdout.includes('nexus-python')
  } finally {
    await runner.dispose()
  }
}
