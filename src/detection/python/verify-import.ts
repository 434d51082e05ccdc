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
  isObjectOf({ kind: isExactly('broken'), reason: isText, environment: isText, at: isNumber }),
)

/** A missing library may be installed where Python does not look, so a failure is checked again after a while. */
const brokenTtlMs = 60 * 60 * 1000

const isImported = isObjectOf({ version: isNullable(isText) })
const isImportResult = isOneOf(isObjectOf({ error: isText }), isImported)

/**
 * The result of an earlier import of this module. A success holds as long as interpreter, version and location
 * are the same; a failure also only until another package comes or goes, and for an hour at most.
 */
export function recallImport(check: ImportCheck, context: VerifyContext): Verification | undefined {
  const stored = context.cache.get(toKey(check, context))
  if (!isStored(stored)) return undefined
  if (stored.kind === 'imported') return stored
  const age = context.host.clock.now() - stored.at
  const isFresh = age >= 0 && age < brokenTtlMs && stored.environment === toImportEnvironment(check, context)
  return isFresh ? { kind: 'broken', reason: stored.reason } : undefined
}

/** Imports the module in a process of its own, and remembers how that went. Never rejects. */
export async function verifyImport(check: ImportCheck, context: VerifyContext): Promise<Verification> {
  const { module, interpreter, timeoutMs } = check
  const marker = `<${context.host.sha256(interpreter.identity).slice(0, 32)}>`
  const argv = [interpreter.path, '-c', verifyScript, marker, module.name] as const
  const hasImported = ({ stdout }: ProcessResult) => isImported(parseMarked(stdout, marker))
  const result = await runIsolated(argv, { timeoutMs, env: quietPython, isResult: hasImported }, context)
  const verification = evaluateImport(check, result, parseMarked(result.stdout, marker))
  remember(check, verification, context)
  return verification
}

function evaluateImport(check: ImportCheck, result: ProcessResult, output: unknown): Verification {
  const { name } = check.module
  if (isImportResult(output)) {
    if ('error' in output) return { kind: 'broken', reason: toCleanText(output.error) }
    return { kind: 'imported', version: output.version }
  }
  if (result.outcome === 'timed-out') {
    const seconds = check.timeoutMs / 1000
    return {
      kind: 'undecided',
      reason: `importing ${name} did not finish within ${seconds} s; timeout_ms gives it longer`,
    }
  }
  if (result.outcome === 'aborted') return { kind: 'undecided', reason: `importing ${name} was interrupted` }
  if (result.outcome === 'not-started') {
    const cause = result.error ?? 'no reason given'
    return { kind: 'undecided', reason: `${check.interpreter.path} could not be started (${cause})` }
  }
  const signal = result.signal ?? signalOfShell(result.exitCode)
  if (signal !== null) return { kind: 'broken', reason: `importing ${name} was ended by ${signal}` }
  const message = lastLine(result.stderr)
  const end = `importing ${name} ended the interpreter with exit code ${result.exitCode}`
  return { kind: 'broken', reason: message === undefined ? end : toCleanText(`${end}: ${message}`) }
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

function remember(check: ImportCheck, verification: Verification, context: VerifyContext): void {
  if (verification.kind === 'undecided') return
  const failure = { environment: toImportEnvironment(check, context), at: context.host.clock.now() }
  const value = verification.kind === 'imported' ? verification : { ...verification, ...failure }
  context.cache.set(toKey(check, context), value)
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
 * so that stdout has only the result, and threads and exit handlers of the module do not delay it.
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
