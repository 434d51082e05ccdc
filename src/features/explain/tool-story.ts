import { parseDetection } from '../../core/command-line.ts'
import type { ToolStory } from '../../core/explanation.ts'
import type { Host } from '../../core/host.ts'
import { entriesOf, type Snapshot } from '../../core/snapshot.ts'
import { createProgramFinder } from '../../probes/programs/program-finder.ts'
import type { Detected } from '../../schema/detected.ts'
import type { Tool } from '../../schema/tool.ts'
import { entryAt } from './entry-at.ts'

/** What was found, and what else stands on PATH under the same name. */
export async function tellToolStory(
  ref: string,
  detected: Detected,
  snapshot: Snapshot,
  host: Host,
): Promise<ToolStory> {
  const entry = entryAt<Tool>(ref, 'tools', entriesOf(snapshot, 'tools'))
  const parsed = entry && parseDetection(entry.detection)
  if (!parsed?.ok || parsed.detection.kind !== 'path') return { detected, hidden: [], passedOver: [] }
  const { program } = parsed.detection
  const { others, passedOver } = await createProgramFinder(host).find(program)
  // Elements of PATH that are not searched come with every search: doctor tells them.
  const own = passedOver.filter(({ path }) => host.path.basename(path).startsWith(program))
  return { detected, hidden: others, passedOver: own }
}
