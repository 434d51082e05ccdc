import { lastLine, toCleanText } from '../../lib/text/text.ts'
import type { ProcessResult } from '../../platform/host.ts'
import { runIsolated } from '../command-runner.ts'
import type { ProbeContext } from '../probe.ts'
import { isExactly, isNullable, isNumber, isObjectOf, isOneOf, isText } from '../probe-cache.ts'
import type { FoundModule, Inspection } from './inspect-modules.ts'
import { type Interpreter, parseMarked, pythonEnvironment, quietPython } from './interpreter.ts'

export type Verification =
  | { readonly kind: 'imported'; readonly version: string | null }
  | { readonly kind: 'broken'; readonly reason: string }
  | { readonly kind: 'undecided'; readonly reason: string }

interface ImportCheck {
  readonly module: FoundModule
  readonly inspection: Inspection
  readonly interpreter: Interpreter
  readonly timeoutMs: number
}

type VerifyContext = Pick<ProbeContext, 'run' | 'cache' | 'host'>

const isStored = isOneOf(
  isObjectOf({ kind: isExactly('imported'), version: isNullable(isText) }),
  isObjectOf({ kind: isExactly('broken'), reason: isText, surroundings: isText, at: isNumber }),
)

/** What is missing may be installed outside of what Python looks at, so a failure is asked again after a while. */
const brokenTtlMs = 60 * 60 * 1000

const isImported = isObjectOf({ version: isNullable(isText) })
const isImportResult = isOneOf(isObjectOf({ error: isText }), isImported)

/**
 * What an earlier import of this very module said. A success holds as long as interpreter, version and location
 * are the same; a failure also only until another package comes or goes, and for an hour at most.
 */
export function recallImport(question: ImportCheck, context: VerifyContext): Verification | undefined {
  const stored = context.cache.get(toKey(question, context))
  if (!isStored(stored)) return undefined
  if (stored.kind === 'imported') return stored
  const age = context.host.clock.now() - stored.at
  const isFresh =
    age >= 0 && age < brokenTtlMs && stored.surroundings === toImportEnvironment(question, context)
  return isFresh ? { kind: 'broken', reason: stored.reason } : undefined
}

/** Imports the module in a process of its own, and remembers how that went. Never rejects. */
export async function verifyImport(question: ImportCheck, context: VerifyContext): Promise<Verification> {
  const { module, interpreter, timeoutMs } = question
  const marker = `<${context.host.sha256(interpreter.identity).slice(0, 32)}>`
  const argv = [interpreter.path, '-c', verifyScript, marker, module.name] as const
  const hasImported = ({ stdout }: ProcessResult) => isImported(parseMarked(stdout, marker))
  const result = await runIsolated(argv, { timeoutMs, env: quietPython, isAnswer: hasImported }, context)
  const verification = evaluateImport(question, result, parseMarked(result.stdout, marker))
  remember(question, verification, context)
  return verification
}

function evaluateImport(question: ImportCheck, result: ProcessResult, answer: unknown): Verification {
  const { name } = question.module
  if (isImportResult(answer)) {
    if ('error' in answer) return { kind: 'broken', reason: toCleanText(answer.error) }
    return { kind: 'imported', version: answer.version }
  }
  if (result.outcome === 'timed-out') {
    const seconds = question.timeoutMs / 1000
    return {
      kind: 'undecided',
      reason: `importing ${name} did not finish within ${seconds} s; timeout_ms gives it longer`,
    }
  }
  if (result.outcome === 'aborted') return { kind: 'undecided', reason: `importing ${name} was interrupted` }
  if (result.outcome === 'not-started') {
    const cause = result.error ?? 'no reason given'
    return { kind: 'undecided', reason: `${question.interpreter.path} could not be started (${cause})` }
  }
  const signal = result.signal ?? signalOfShell(result.exitCode)
  if (signal !== null) return { kind: 'broken', reason: `importing ${name} was ended by ${signal}` }
  const said = lastLine(result.stderr)
  const end = `importing ${name} ended the interpreter with exit code ${result.exitCode}`
  return { kind: 'broken', reason: said === undefined ? end : toCleanText(`${end}: ${said}`) }
}

// A wrapper script around the interpreter passes a signal on as 128 + its number (POSIX.1-2024, XCU 2.8.2).
function signalOfShell(exitCode: number | null): string | null {
  const names: Record<number, string> = {
    132: 'SIGILL',
    134: 'SIGABRT',
    135: 'SIGBUS',
    137: 'SIGKILL',
    139: 'SIGSEGV',
  }
  return exitCode === null ? null : (names[exitCode] ?? null)
}

function remember(question: ImportCheck, verification: Verification, context: VerifyContext): void {
  if (verification.kind === 'undecided') return
  const failure = { surroundings: toImportEnvironment(question, context), at: context.host.clock.now() }
  const value = verification.kind === 'imported' ? verification : { ...verification, ...failure }
  context.cache.set(toKey(question, context), value)
}

function toKey({ module, interpreter }: ImportCheck, { host }: VerifyContext): string {
  const identity = [verifyScript, interpreter, pythonEnvironment(host.env), module]
  return `python-import:${host.sha256(JSON.stringify(identity))}`
}

function toImportEnvironment({ inspection }: ImportCheck, { host }: VerifyContext): string {
  return host.sha256(JSON.stringify(inspection.watched))
}

/**
 * Imports one module: argv is a marker and the module's name. Whatever the module prints goes to stderr,
 * so that stdout holds the answer alone, and nothing that it left behind (threads, exit handlers) is waited for.
 */
const verifyScript = `
import json, os, sys, traceback

out = os.dup(1)
os.dup2(2, 1)
marker, name = sys.argv[1], sys.argv[2]
del sys.argv[1:]


def last_line(kind, value):
    lines = [line.strip() for line in ''.join(traceback.format_exception_only(kind, value)).splitlines()]
    lines = [line for line in lines if line]
    for index, line in enumerate(lines):
        head = line.split(':')[0]
        if head == kind.__name__ or head.endswith('.' + kind.__name__):
            message = line[len(head) + 1:].strip()
            return line if message else ' '.join([head + ':'] + lines[index + 1:index + 2]).rstrip(':')
    return lines[-1] if lines else kind.__name__


try:
    import importlib
    module = importlib.import_module(name)
    version = getattr(module, '__version__', None)
    answer = {'version': version if isinstance(version, type('')) or isinstance(version, type(u'')) else None}
except BaseException:
    answer = {'error': last_line(*sys.exc_info()[:2])}

try:
    encoded = json.dumps(answer)
except Exception:
    encoded = json.dumps({'error': 'an error that cannot be shown'} if 'error' in answer else {'version': None})
data = (marker + encoded + marker).encode('ascii')
while data:
    data = data[os.write(out, data):]
os._exit(0)
`
