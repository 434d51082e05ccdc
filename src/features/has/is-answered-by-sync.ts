import { cacheTtlSeconds } from '../../core/cache-ttl.ts'
import type { Host } from '../../core/host.ts'
import type { Detected } from '../../schema/detected.ts'
import { isSyncMark } from '../../store/last-sync.ts'
import { describeQuestion } from '../../store/question.ts'
import type { DetectableRegistries, HasRequest } from './has-request.ts'

/**
 * Whether what the home's file says still answers for these surroundings: the last sync found it here, with the same
 * PATH, interpreters, configuration and files, not longer ago than the home's `cache_ttl_seconds`.
 */
export async function isAnsweredBySync(
  detected: Detected | undefined,
  request: HasRequest & { registries: DetectableRegistries },
  host: Host,
): Promise<boolean> {
  if (detected === undefined || detected.status === 'unknown') return false
  // A quick sync asks no versions, and what was too slow once may not be now.
  if (request.range !== undefined && detected.version === null && detected.reason !== null) return false
  const age = host.clock.now() - Date.parse(detected.checked_at)
  if (age < 0 || age > cacheTtlSeconds(request.registries.hyper) * 1000) return false
  const home = request.home.directory
  const { text: question, look } = await describeQuestion({ home, configFile: request.configFile }, host)
  return isSyncMark({ home, question, files: look.definitions.files, python: request.python }, host)
}
