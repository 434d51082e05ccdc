import type { Host } from '../platform/host.ts'
import type { Detected } from '../registry/schema/detected.ts'
import type { DetectableRegistries, HasRequest } from './has-request.ts'
import { createSyncAnswers, mayAnswer } from './sync-answers.ts'

/** Whether the last sync still answers for one entry. What is too old costs no look at the surroundings. */
export async function isAnsweredBySync(
  detected: Detected | undefined,
  request: HasRequest & { registries: DetectableRegistries },
  host: Host,
): Promise<boolean> {
  if (!mayAnswer(detected, request, host)) return false
  const isAnswered = await createSyncAnswers(request, host)
  return isAnswered({ detected })
}
