import { lastLine, toCleanText } from '../../lib/text/text.ts'
import type { ProcessResult } from '../../platform/host.ts'
import { runIsolated } from '../command-runner.ts'
import type { ProbeContext } from '../probe.ts'
import {
  isExactly,
  isNullable,
  isNumber,
  isObjectOf,
  isOneOf,
  isOptional,
  isText,
  type ShapeOf,
} from '../probe-cache.ts'
import type { FoundModule, Inspection } from './inspect-modules.ts'
import { type Interpreter, parseMarked, pythonEnvironment, quietPython } from './interpreter.ts'

export type Verification =
  | { readonly kind: 'imported'; readonly version: string | null; readonly build?: ImportedBuild | undefined }
  | { readonly kind: 'broken'; readonly reason: string }
  | { readonly kind: 'undecided'; readonly reason: string }

interface ImportCheck {
  readonly module: FoundModule
  readonly inspection: Inspection
  readonly interpreter: Interpreter
  readonly timeoutMs: number
}

type VerifyContext = Pick<ProbeContext, 'run' | 'cache' | 'host'>

const isFlag = isOneOf(isExactly(true), isExactly(false))

/** What a framework says of the GPUs that it is made for, once it is imported. All of it is optional. */
const isImportedBuild = isObjectOf({
  cuda: isOptional(isNullable(isText)),
  hip: isOptional(isNullable(isText)),
  xpu: isOptional(isNullable(isText)),
  /** Separated by spaces. */
  architectures: isOptional(isNullable(isText)),
  is_cuda: isOptional(isFlag),
  is_rocm: isOptional(isFlag),
  metal_built: isOptional(isFlag),
  metal: isOptional(isFlag),
  /** Execution providers of ONNX Runtime, separated by spaces. They are those of the build, whether they work or not. */
  providers: isOptional(isNullable(isText)),
})

export type ImportedBuild = Partial<ShapeOf<typeof isImportedBuild>>

const isStored = isOneOf(
  isObjectOf({
    kind: isExactly('imported'),
    version: isNullable(isText),
    build: isOptional(isImportedBuild),
  }),
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
  const verification = evaluateImport(check, result, {
    output: parseMarked(result.stdout, marker),
    build: parseMarked(result.stdout.split(marker).slice(2).join(marker), marker),
  })
  remember(check, verification, context)
  return verification
}

function evaluateImport(
  check: ImportCheck,
  result: ProcessResult,
  { output, build }: { output: unknown; build: unknown },
): Verification {
  const { name } = check.module
  if (isImportResult(output)) {
    if ('error' in output) return { kind: 'broken', reason: toCleanText(output.error) }
    return { kind: 'imported', version: output.version, ...(isImportedBuild(build) && { build }) }
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
 * so that stdout has only the result, and threads and exit handlers of the module do not delay it. A framework that uses
 * GPUs then says what it is made for, in a second result: by what makes no context on a GPU and initializes no driver.
 * `torch.cuda.get_arch_list()` does, and is empty without a GPU; what it reads does not.
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


def send(encoded):
    data = (marker + encoded + marker).encode('ascii')
    while data:
        data = data[os.write(out, data):]


def text(value):
    if isinstance(value, (list, tuple)):
        value = ' '.join(value)
    return value if isinstance(value, type('')) and len(value) < 4096 else None


def build():
    found = {}
    torch = sys.modules.get('torch')

    def note(key, read):
        try:
            found[key] = read()
        except BaseException:
            pass

    if name in ('torch', 'vllm') and torch is not None:
        note('cuda', lambda: text(torch.version.cuda))
        note('hip', lambda: text(torch.version.hip))
        note('xpu', lambda: text(torch.version.xpu))
        note('architectures', lambda: text(torch._C._cuda_getArchFlags()))
        if sys.platform == 'darwin':
            note('metal_built', lambda: torch.backends.mps.is_built() is True)
            note('metal', lambda: torch.backends.mps.is_available() is True)
    if name == 'tensorflow':
        info = module.sysconfig.get_build_info()
        note('is_cuda', lambda: info['is_cuda_build'] is True)
        note('is_rocm', lambda: info['is_rocm_build'] is True)
        note('cuda', lambda: text(info['cuda_version']))
        note('architectures', lambda: text(info['cuda_compute_capabilities']))
    if name == 'onnxruntime':
        note('providers', lambda: text(module.get_available_providers()))
    return found


send(encoded)
if 'error' not in answer and name in ('torch', 'vllm', 'tensorflow', 'onnxruntime'):
    try:
        send(json.dumps(build()))
    except BaseException:
        pass
os._exit(0)
`
