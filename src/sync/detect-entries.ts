import { detectInHome } from '../detection/detect.ts'
import { detectablesOf } from '../detection/detectables.ts'
import type { Host } from '../platform/host.ts'
import type { RegistryHome } from '../registry/home/directories.ts'
import { type Ref, toRef } from '../registry/refs.ts'
import type { Detected } from '../registry/schema/detected.ts'
import { cacheFoundExports, cacheScripts, openHome } from './detect-registries.ts'
import { saveDetections } from './save-detections.ts'
import type { SyncOptions } from './sync-options.ts'

/**
 * Detects some entries of a home, writes what was found into them, and caches the exports: those of all others come
 * from a quick detection, as `env` makes it. Much cheaper than a sync.
 */
export async function detectEntries(
  home: RegistryHome,
  refs: readonly string[],
  options: SyncOptions,
  host: Host,
): Promise<ReadonlyMap<Ref, Detected>> {
  const { snapshot, caches } = await openHome(home, options, host)
  const { registries } = snapshot
  const { python, concurrency, timeoutMs } = options
  const request = { home, registries, python, concurrency, timeoutMs, isForced: false }
  const entries = detectablesOf(snapshot)
  const isWanted = ({ registry, id }: (typeof entries)[number]) => refs.includes(toRef(registry, id))
  const wanted = entries.filter(isWanted)
  const { detections: found } = await detectInHome({ ...request, entries: wanted, mode: 'normal' }, host)
  const others = entries.filter(entry => !isWanted(entry))
  const { detections: quick } = await detectInHome({ ...request, entries: others, mode: 'quick' }, host)
  const targets = { microservices: {}, providers: {} }
  const isWritten = await saveDetections(home, { snapshot, detections: found, targets }, host)
  if (caches === undefined) return found
  const detections = new Map([...quick, ...found])
  await cacheFoundExports({ ...caches, isQuick: true }, { snapshot, detections }, { isWritten }, host)
  if (isWritten) await cacheScripts(caches, { isWhole: false }, host)
  return found
}
