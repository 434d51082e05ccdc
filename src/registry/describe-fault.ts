import type { LoadedRegistry } from './snapshot.ts'

/**
 * Why a registry's file cannot be used, a sentence without its full stop; undefined when it can. Nothing that stands in
 * the file is quoted: it may be told to others.
 */
export function describeFault(registry: Pick<LoadedRegistry, 'name' | 'path' | 'state' | 'diagnostics'>) {
  const { name, path, state, diagnostics } = registry
  if (state === 'ok') return undefined
  if (state === 'hidden') return `you may not see ${name}`
  if (state === 'missing') return `${path} is missing`
  const [fault] = diagnostics
  if (fault === undefined || fault.rule === 'missing-registry') return `${path} cannot be read`
  return `${path}:${fault.line}:${fault.column}: ${faults[fault.rule] ?? 'it is not what its schema says'}`
}

const faults: Readonly<Record<string, string>> = {
  'json-syntax': 'it is not JSON that can be read',
  encoding: 'it is not UTF-8',
  'duplicate-key': 'a key stands there twice',
}
