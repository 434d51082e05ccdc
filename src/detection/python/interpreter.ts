import type { Environment, Host } from '../../platform/host.ts'
import type { ProbeContext } from '../probe.ts'

/** A Python that can be started. */
export interface Interpreter {
  /** What is executed, absolute. A virtual environment's link is not resolved: it is what selects the environment. */
  readonly path: string
  /** Changes when another program stands behind the path. */
  readonly identity: string
}

type InterpreterSearch =
  | { readonly kind: 'found'; readonly interpreter: Interpreter }
  /** One was named or stands there, but it cannot be used. */
  | { readonly kind: 'unusable'; readonly reason: string }
  | { readonly kind: 'none'; readonly reason: string }

type LocateContext = Pick<ProbeContext, 'programs' | 'python'> & {
  readonly host: Pick<Host, 'env' | 'platform' | 'cwd' | 'path' | 'clock'>
}

/**
 * The Python that this shell would use: the explicit one, the one of `VIRTUAL_ENV`, of `CONDA_PREFIX`,
 * then `python` and `python3` on PATH. One that is gone is passed over, unless it was named explicitly.
 */
export async function locateInterpreter(context: LocateContext): Promise<InterpreterSearch> {
  if (context.python !== undefined) return locateExplicit(context.python, context)
  for (const path of environmentInterpreters(context.host)) {
    const interpreter = await identifyInterpreter(path, context)
    if (interpreter) return { kind: 'found', interpreter }
  }
  return locateOnPath(['python', 'python3'], context)
}

async function locateExplicit(python: string, context: LocateContext): Promise<InterpreterSearch> {
  const { path, cwd } = context.host
  const isName = path.basename(python) === python
  if (isName) {
    const search = await locateOnPath([python], context)
    return search.kind === 'none' ? { kind: 'unusable', reason: `${python} was not found on PATH` } : search
  }
  const file = path.resolve(cwd, python)
  const interpreter = await identifyInterpreter(file, context)
  if (interpreter) return { kind: 'found', interpreter }
  return { kind: 'unusable', reason: `${file} is not a program that can be started` }
}

function environmentInterpreters({ env, platform, path }: LocateContext['host']): string[] {
  const isWindows = platform === 'win32'
  const venv = isWindows ? ['Scripts', 'python.exe'] : ['bin', 'python']
  const conda = isWindows ? ['python.exe'] : ['bin', 'python']
  const places: [string | undefined, string[]][] = [
    [env.VIRTUAL_ENV, venv],
    [env.CONDA_PREFIX, conda],
  ]
  return places.flatMap(([prefix, parts]) =>
    prefix && path.isAbsolute(prefix) ? [path.join(prefix, ...parts)] : [],
  )
}

async function locateOnPath(names: readonly string[], context: LocateContext): Promise<InterpreterSearch> {
  let broken: string | undefined
  for (const name of names) {
    const { result } = await context.programs.find(name)
    if (result?.kind === 'found') {
      const { target, identity, isStable } = result
      // Output is not cached while the same launcher may start another interpreter.
      const current = isStable ? identity : `${identity} ${context.host.clock.now()}`
      return { kind: 'found', interpreter: { path: target, identity: current } }
    }
    if (result?.kind === 'broken') broken ??= `${result.path} does not work: ${result.reason}`
    if (result?.kind === 'uncertain') broken ??= `${result.path} is not used: ${result.reason}`
  }
  return broken === undefined
    ? { kind: 'none', reason: 'no Python interpreter was found on PATH' }
    : { kind: 'unusable', reason: broken }
}

async function identifyInterpreter(
  path: string,
  { programs }: LocateContext,
): Promise<Interpreter | undefined> {
  const { result } = await programs.find(path)
  return result?.kind === 'found' ? { path, identity: result.identity } : undefined
}

/** Text between the first two markers; undefined when they are not there. Banners stand outside of them. */
function extractMarked(output: string, marker: string): string | undefined {
  const start = output.indexOf(marker)
  if (start === -1) return undefined
  const end = output.indexOf(marker, start + marker.length)
  return end === -1 ? undefined : output.slice(start + marker.length, end)
}

/** Value of the JSON between the markers; undefined when there is none. */
export function parseMarked(output: string, marker: string): unknown {
  const json = extractMarked(output, marker)
  if (json === undefined) return undefined
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

/** Variables that decide where Python and the libraries of its modules are searched. */
const others = ['VIRTUAL_ENV', 'CONDA_PREFIX', 'HOME', 'USERPROFILE', 'LD_LIBRARY_PATH', 'DYLD_LIBRARY_PATH']

/** The variables that a result of Python depends on, sorted. */
export function pythonEnvironment(env: Environment): [string, string | undefined][] {
  return Object.keys(env)
    .filter(name => name.startsWith('PYTHON') || others.includes(name))
    .sort()
    .map(name => [name, env[name]])
}

/** Set when this program starts Python: inspecting a package must not change its directory. */
export const quietPython = { PYTHONDONTWRITEBYTECODE: '1', PYTHONINSPECT: undefined }
