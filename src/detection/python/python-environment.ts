import type { Environment } from '../../platform/host.ts'

/** What decides where Python and the libraries of its modules are looked for. */
const others = ['VIRTUAL_ENV', 'CONDA_PREFIX', 'HOME', 'USERPROFILE', 'LD_LIBRARY_PATH', 'DYLD_LIBRARY_PATH']

/** The variables that an answer of Python depends on, sorted. */
export function pythonEnvironment(env: Environment): [string, string | undefined][] {
  return Object.keys(env)
    .filter(name => name.startsWith('PYTHON') || others.includes(name))
    .sort()
    .map(name => [name, env[name]])
}

/** Set for our own starts: looking at a package must not change its directory. */
export const quietPython = { PYTHONDONTWRITEBYTECODE: '1', PYTHONINSPECT: undefined }
