import { isJsonObject } from '../../lib/json/json-value.ts'
import { limits } from '../../lib/limits.ts'
import type { Host } from '../../platform/host.ts'
import { loadRegistries, type Snapshot } from '../snapshot.ts'
import { type LoadHost, type LoadOptions, readRegistry } from './load-registry.ts'
import { openValidationCache } from './validation-cache.ts'

/**
 * Reads all nine registries of a home. Errors of a file are in its `diagnostics`, never thrown; where a file
 * cannot be used as a whole, the content is that of its backup.
 */
export async function loadSnapshot(
  directory: string,
  host: LoadHost,
  options: LoadOptions = {},
): Promise<Snapshot> {
  const source = { directory, notes: await openValidationCache(directory, host), ...options }
  const registries = await loadRegistries(name => readRegistry(name, source, host))
  await source.notes.save()
  return { home: directory, registries }
}

/** SHA-256 of a registry file without `detected`; empty when there is none. */
export async function hashWithoutDetected(
  path: string,
  { fs, sha256 }: Pick<Host, 'fs' | 'sha256'>,
): Promise<string> {
  const text = await fs.readText(path, limits.fileBytes).catch(() => undefined)
  return text === undefined ? '' : sha256(withoutDetected(text))
}

/**
 * The entries of a registry's text without `detected`, in a form to compare by: a sync changes files, and this stays
 * the same. Text that cannot be parsed is compared as it is.
 */
export function withoutDetected(text: string): string {
  try {
    const document: unknown = JSON.parse(text)
    if (!isJsonObject(document)) return text
    const entries = Object.entries(document)
    return JSON.stringify(
      entries.map(([id, entry]) => [id, isJsonObject(entry) ? omitDetected(entry) : entry]),
    )
  } catch {
    return text
  }
}

function omitDetected({ detected: _, ...entry }: Readonly<Record<string, unknown>>): unknown {
  return entry
}
