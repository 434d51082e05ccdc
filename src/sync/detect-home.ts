import { type DetectionResult, detectInHome } from '../detection/detect.ts'
import { detectablesOf } from '../detection/detectables.ts'
import type { Host } from '../platform/host.ts'
import type { RegistryHome } from '../registry/home/home.ts'
import type { Snapshot } from '../registry/snapshot.ts'
import type { DetectHomeOptions } from './sync-options.ts'

/** Detects what the home's registries list, and writes nothing but caches. */
export async function detectHome(
  home: RegistryHome,
  snapshot: Snapshot,
  options: DetectHomeOptions,
  host: Host,
): Promise<DetectionResult & { readonly notes: readonly string[] }> {
  const entries = detectablesOf(snapshot, options.only)
  if (entries.length === 0) return { detections: new Map(), timings: [], notes: [] }
  const request = { ...options, home, registries: snapshot.registries, entries }
  const { distrust, ...result } = await detectInHome(request, host)
  const isHeldBack = [...result.detections.values()].some(({ reason }) => reason?.includes('not trusted'))
  return { ...result, notes: isHeldBack && distrust !== null ? [distrust] : [] }
}
