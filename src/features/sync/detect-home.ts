import type { RegistryHome } from '../../core/home.ts'
import type { Host } from '../../core/host.ts'
import type { Snapshot } from '../../core/snapshot.ts'
import { type DetectionResult, detectInHome } from '../detect/detect.ts'
import { detectablesOf } from '../detect/detectables.ts'
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
