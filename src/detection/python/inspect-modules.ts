import { lastLine } from '../../lib/text/text.ts'
import type { ProcessResult } from '../../platform/host.ts'
import type { ProbeContext, ProgramFinder, PythonModule } from '../probe.ts'
import {
  isExactly,
  isListOf,
  isNullable,
  isNumber,
  isObjectOf,
  isOneOf,
  isText,
  isTupleOf,
  type ShapeOf,
} from '../probe-cache.ts'
import { inspectScript } from './inspect-script.ts'
import {
  type Interpreter,
  locateInterpreter,
  parseMarked,
  pythonEnvironment,
  quietPython,
} from './interpreter.ts'

type ModulesResult =
  | { readonly kind: 'no-python'; readonly reason: string }
  | { readonly kind: 'unusable'; readonly reason: string }
  | (InterpreterResult & { readonly interpreter: Interpreter })

// One finder serves one detection, whose targets may each see a context of their own.
const memory = new WeakMap<ProgramFinder, Map<string, Promise<ModulesResult>>>()

/**
 * What the interpreter reports about all modules of this detection. It is started at most once, by the first target, and
 * not at all while the result of an earlier run is valid.
 */
export function inspectModules(module: PythonModule, context: ProbeContext): Promise<ModulesResult> {
  const isPlanned = context.pythonModules.some(({ name }) => name === module.name)
  const modules = isPlanned ? context.pythonModules : [...context.pythonModules, module]
  const results = memory.get(context.programs) ?? new Map<string, Promise<ModulesResult>>()
  memory.set(context.programs, results)
  const key = isPlanned ? '' : module.name
  const result = results.get(key) ?? inspect(modules, context)
  results.set(key, result)
  return result
}

async function inspect(modules: readonly PythonModule[], context: ProbeContext): Promise<ModulesResult> {
  const search = await locateInterpreter(context)
  if (search.kind === 'none') return { kind: 'no-python', reason: search.reason }
  if (search.kind === 'unusable') return search
  const { interpreter } = search
  const key = { interpreter, modules }
  const cached = await loadInspection(key, context)
  if (cached) return { kind: 'inspected', inspection: cached, interpreter }
  const result = await runInterpreter(interpreter, modules, context)
  if (result.kind === 'inspected') await saveInspection(key, result.inspection, context)
  return { ...result, interpreter }
}

/** All modules are inspected at once, maybe on a network file system, so this takes more than one entry's share. */
const deadlineMs = 10_000
/** About 300 bytes a module and a path: enough for thousands. */
const maxOutputBytes = 1024 * 1024

type InterpreterResult =
  | { readonly kind: 'inspected'; readonly inspection: Inspection }
  | { readonly kind: 'silent'; readonly reason: string }

/** Starts the interpreter once for all modules. Never rejects. */
async function runInterpreter(
  interpreter: Interpreter,
  modules: readonly PythonModule[],
  context: Pick<ProbeContext, 'run' | 'host'>,
): Promise<InterpreterResult> {
  const marker = `<${context.host.sha256(interpreter.identity).slice(0, 32)}>`
  const result = await context.run([interpreter.path, '-c', inspectScript, marker, JSON.stringify(modules)], {
    timeoutMs: deadlineMs,
    maxOutputBytes,
    env: quietPython,
  })
  const inspection = parseMarked(result.stdout, marker)
  if (isInspection(inspection)) return { kind: 'inspected', inspection }
  return { kind: 'silent', reason: `${interpreter.path} ${describeSilence(result)}` }
}

function describeSilence(result: ProcessResult): string {
  if (result.outcome === 'timed-out') return `did not respond within ${deadlineMs / 1000} s`
  if (result.outcome === 'aborted') return 'was interrupted'
  if (result.outcome === 'not-started') return `could not be started (${result.error ?? 'no reason given'})`
  if (result.outcome === 'signaled') return `was ended by ${result.signal ?? 'a signal'}`
  const message = lastLine(result.stderr)
  return `did not respond as a Python interpreter${message === undefined ? '' : `: ${message}`}`
}

const isModule = isOneOf(
  isObjectOf({ state: isExactly('missing'), name: isText }),
  isObjectOf({ state: isExactly('failed'), name: isText, reason: isText }),
  isObjectOf({ state: isExactly('namespace'), name: isText, path: isNullable(isText) }),
  isObjectOf({
    state: isExactly('found'),
    name: isText,
    path: isText,
    /** Origin, and when it and the package's directory were last changed. */
    stamp: isTupleOf(isText, isNullable(isNumber), isNullable(isNumber)),
    distributions: isListOf(isObjectOf({ name: isText, version: isNullable(isText) })),
  }),
)

/** What `inspectScript` prints. */
const isInspection = isObjectOf({
  version: isText,
  prefix: isText,
  modules: isListOf(isModule),
  /** Normal names and versions of packages that say which GPUs a module is made for. */
  companions: isListOf(isTupleOf(isText, isText)),
  /** Like `x86_64`; null on Windows. */
  machine: isNullable(isText),
  /** Whether only the system's package manager installs into it (PEP 668). */
  managed: isOneOf(isExactly(true), isExactly(false)),
  /** Path and when it was last changed, in milliseconds; null when it is not there. */
  watched: isListOf(isTupleOf(isText, isNullable(isNumber))),
})

export type Inspection = ShapeOf<typeof isInspection>
export type InspectedModule = ShapeOf<typeof isModule>
export type FoundModule = Extract<InspectedModule, { state: 'found' }>

interface InspectionKey {
  readonly interpreter: Interpreter
  readonly modules: readonly PythonModule[]
}

type CacheContext = Pick<ProbeContext, 'cache' | 'host'>

/**
 * The result of an earlier run, while it is valid: the same interpreter, the same variables, the same
 * modules, and no change in what Python read. Python reads the directories of `sys.path`
 * (also those that are missing), their `.pth` files, `pyvenv.cfg`, and the place and metadata of what it found:
 * installing, upgrading or removing a package changes one of them.
 */
async function loadInspection(key: InspectionKey, context: CacheContext): Promise<Inspection | undefined> {
  const stored = context.cache.get(toKey(key, context))
  return isInspection(stored) && (await isUnchanged(stored, context)) ? stored : undefined
}

/** Caches a result, unless something changed during the inspection. */
async function saveInspection(
  key: InspectionKey,
  inspection: Inspection,
  context: CacheContext,
): Promise<void> {
  if (inspection.modules.some(({ state }) => state === 'failed')) return
  if (await isUnchanged(inspection, context)) context.cache.set(toKey(key, context), inspection)
}

function toKey({ interpreter, modules }: InspectionKey, { host }: CacheContext): string {
  const key = [inspectScript, interpreter, pythonEnvironment(host.env), modules]
  return `python-inspection:${host.sha256(JSON.stringify(key))}`
}

async function isUnchanged(inspection: Inspection, { host }: CacheContext): Promise<boolean> {
  const checks = inspection.watched.map(async ([path, expected]) => {
    const found = await modifiedAt(path, host.fs)
    // Both are the same nanoseconds as a floating-point number, reached by other roundings.
    return found === null || expected === null ? found === expected : Math.abs(found - expected) < 0.01
  })
  return (await Promise.all(checks)).every(Boolean)
}

async function modifiedAt(path: string, fs: CacheContext['host']['fs']): Promise<number | null> {
  return fs.statAnywhere(path).then(
    info => info?.mtimeMs ?? null,
    () => null,
  )
}
