import { isJsonObject } from '../lib/json/json-value.ts'
import type { Host } from '../platform/host.ts'
import { cacheTtlSeconds } from '../registry/cache-ttl.ts'
import { type LoadHost, loadRegistry } from '../registry/load/load-registry.ts'
import { observedRegistryNames, type RegistryName } from '../registry/schema/names.ts'

/** Age of detections in milliseconds; undefined when nothing was ever looked for. */
export interface DetectionAge {
  readonly ms: number | undefined
}

/** Whether answers from these registries may rest on what was detected. */
export function haveDetections(registries: readonly RegistryName[]): boolean {
  return observedRegistryNames.some(name => registries.includes(name))
}

/** How old the oldest of these looks is, where that is more than the home allows: what was found then may be gone. */
export async function findStaleAge(
  checkedAt: readonly string[],
  { directory, host }: { directory: string; host: LoadHost & Pick<Host, 'clock'> },
): Promise<DetectionAge | undefined> {
  const now = host.clock.now()
  const times = checkedAt.map(text => Date.parse(text)).filter(time => !Number.isNaN(time))
  if (times.length === 0) return { ms: undefined }
  const ms = now - times.reduce((oldest, time) => Math.min(oldest, time), now)
  const ttlSeconds = cacheTtlSeconds(await loadRegistry('hyper', directory, host))
  return ms > ttlSeconds * 1000 ? { ms } : undefined
}

/** When the entries of a registry were looked for. */
export function listLooks(content: unknown): string[] {
  if (!isJsonObject(content)) return []
  return Object.values(content).flatMap(entry => {
    const detected = isJsonObject(entry) ? entry.detected : undefined
    return isJsonObject(detected) && typeof detected.checked_at === 'string' ? [detected.checked_at] : []
  })
}

/** The same from the text of a registry, which is not parsed for it. */
export function findLooks(text: Uint8Array | undefined): string[] {
  const found = new TextDecoder().decode(text).matchAll(/"checked_at"\s*:\s*"([^"\\]{1,40})"/g)
  return [...found].map(([, time = '']) => time)
}
