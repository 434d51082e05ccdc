import type { ProbeContext, PythonModule } from '../probe.ts'
import { inspectScript } from './inspect-script.ts'
import { type Inspection, isInspection } from './inspection.ts'
import type { Interpreter } from './locate-interpreter.ts'
import { pythonEnvironment } from './python-environment.ts'

export interface InspectionQuestion {
  readonly interpreter: Interpreter
  readonly modules: readonly PythonModule[]
}

type CacheContext = Pick<ProbeContext, 'cache' | 'host'>

/**
 * The answer of an earlier run, as long as it holds: the same interpreter, the same variables, the same
 * modules, and nothing that Python looked at has changed since. Python looks at the directories of `sys.path`
 * (also those that are missing), their `.pth` files, `pyvenv.cfg`, and the place and metadata of what it found:
 * installing, upgrading or removing a package changes one of them.
 */
export async function loadInspection(
  question: InspectionQuestion,
  context: CacheContext,
): Promise<Inspection | undefined> {
  const stored = context.cache.get(toKey(question, context))
  return isInspection(stored) && (await isUnchanged(stored, context)) ? stored : undefined
}

/** Keeps an answer for later, unless something changed while Python was looking. */
export async function saveInspection(
  question: InspectionQuestion,
  inspection: Inspection,
  context: CacheContext,
): Promise<void> {
  if (inspection.modules.some(({ state }) => state === 'failed')) return
  if (await isUnchanged(inspection, context)) context.cache.set(toKey(question, context), inspection)
}

function toKey({ interpreter, modules }: InspectionQuestion, { host }: CacheContext): string {
  const question = [inspectScript, interpreter, pythonEnvironment(host.env), modules]
  return `python-inspection:${host.sha256(JSON.stringify(question))}`
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
