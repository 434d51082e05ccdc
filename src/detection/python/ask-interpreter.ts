import { lastLine } from '../../lib/text/lines.ts'
import type { ProcessResult } from '../../platform/host.ts'
import type { ProbeContext, PythonModule } from '../probe.ts'
import { inspectScript } from './inspect-script.ts'
import { type Inspection, isInspection } from './inspection.ts'
import type { Interpreter } from './locate-interpreter.ts'
import { parseMarked } from './marked-answer.ts'
import { quietPython } from './python-environment.ts'

/** Every module is asked for at once, also on a network file system: more than one entry's share. */
const deadlineMs = 10_000
/** About 300 bytes a module and a path: enough for thousands. */
const maxOutputBytes = 1024 * 1024

export type Answer =
  | { readonly kind: 'answered'; readonly inspection: Inspection }
  | { readonly kind: 'silent'; readonly reason: string }

/** Starts the interpreter once and asks it for all modules. Never rejects. */
export async function askInterpreter(
  interpreter: Interpreter,
  modules: readonly PythonModule[],
  context: Pick<ProbeContext, 'run' | 'host'>,
): Promise<Answer> {
  const marker = `<${context.host.sha256(interpreter.identity).slice(0, 32)}>`
  const result = await context.run([interpreter.path, '-c', inspectScript, marker, JSON.stringify(modules)], {
    timeoutMs: deadlineMs,
    maxOutputBytes,
    env: quietPython,
  })
  const inspection = parseMarked(result.stdout, marker)
  if (isInspection(inspection)) return { kind: 'answered', inspection }
  return { kind: 'silent', reason: `${interpreter.path} ${describeSilence(result)}` }
}

function describeSilence(result: ProcessResult): string {
  if (result.outcome === 'timed-out') return `did not answer within ${deadlineMs / 1000} s`
  if (result.outcome === 'aborted') return 'was interrupted'
  if (result.outcome === 'not-started') return `could not be started (${result.error ?? 'no reason given'})`
  if (result.outcome === 'signaled') return `was ended by ${result.signal ?? 'a signal'}`
  const said = lastLine(result.stderr)
  return `did not answer as a Python interpreter${said === undefined ? '' : `: ${said}`}`
}
