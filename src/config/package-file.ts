import { isJsonObject } from '../lib/json/json-value.ts'
import type { Host } from '../platform/host.ts'

/** Key of a project's configuration in its package.json. */
export const packageKey = 'nexus-registry'

/** Longest package.json that is looked into, in bytes. */
export const maxPackageBytes = 1024 * 1024

export function isPackageFile(path: string): boolean {
  return /(?:^|[\\/])package\.json$/.test(path)
}

/**
 * Whether a package.json has something to say to us. Nearly every project has one, and most have not: this has to be
 * cheap. One that is broken counts when it names us, so that it is read again and its fault is told.
 */
export async function namesUs(path: string, host: { fs: Pick<Host['fs'], 'readText'> }): Promise<boolean> {
  const text = await host.fs.readText(path, maxPackageBytes).catch(() => undefined)
  if (!text?.includes(`"${packageKey}"`)) return false
  try {
    const document: unknown = JSON.parse(text)
    return isJsonObject(document) && Object.hasOwn(document, packageKey)
  } catch {
    return true
  }
}
