import { parseRegistry } from '../../registry/load/parse-registry.ts'
import { registryFiles } from '../../registry/schema/names.ts'
import type { LoadedRegistry } from '../../registry/snapshot.ts'

/** The hyper registry of a text; undefined when there is none, or it cannot be used as a whole. */
export function readHyper(text: string | undefined): LoadedRegistry<'hyper'> | undefined {
  if (text === undefined) return undefined
  const parsed = parseRegistry('hyper', registryFiles.hyper, new TextEncoder().encode(text))
  return parsed.state === 'ok' ? { ...parsed, sha256: undefined } : undefined
}
