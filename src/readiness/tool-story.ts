import { createProgramFinder } from '../detection/programs/program-finder.ts'
import { parseDetection } from '../lib/shell/command-line.ts'
import type { Host } from '../platform/host.ts'
import type { Detected } from '../registry/schema/detected.ts'
import type { Tool } from '../registry/schema/tool.ts'
import { entriesOf, type Snapshot } from '../registry/snapshot.ts'
import { entryAt } from './entry-at.ts'
import type { ToolStory } from './explanation.ts'

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
