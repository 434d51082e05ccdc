import type { Detected } from '../../core/probe.ts'
import { entriesOf } from '../../core/snapshot.ts'
import { toShellWord } from '../../core/to-shell-word.ts'
import type { MlFramework } from '../../schema/ml-framework.ts'
import type { Tool } from '../../schema/tool.ts'
import { type Condition, notReady, ready, unknown } from './condition.ts'
import { entryAt } from './entry-at.ts'
import type { Facts } from './facts.ts'

/** What was found of a tool or framework, and how to get it where it is not here. */
export function toToolCondition(ref: string, facts: Facts): Condition {
  const { detections, tooOld, snapshot } = facts
  const detected = detections.get(ref)
  const entry =
    entryAt<Tool>(ref, 'tools', entriesOf(snapshot, 'tools')) ??
    entryAt<MlFramework>(ref, 'ml_frameworks', entriesOf(snapshot, 'ml_frameworks'))
  if (detected === undefined || entry === undefined) return ready()
  const old = tooOld.get(ref)
  if (old !== undefined)
    return notReady(old, `Install a newer one: ${howToInstall(ref, entry, detected, facts)}`)
  const reason = detected.reason ?? `it is ${detected.status}`
  switch (detected.status) {
    case 'present':
      return ready(...describeEngine(detected))
    case 'unknown':
      return unknown(reason, howToAsk(ref, detected, facts))
    default:
      return notReady(reason, howToInstall(ref, entry, detected, facts))
  }
}

function howToInstall(
  ref: string,
  { install = {}, display_name: name = ref.slice(ref.indexOf('/') + 1) }: Tool | MlFramework,
  { details }: Detected,
  { installer }: Facts,
): string {
  const interpreter = typeof details?.interpreter === 'string' ? details.interpreter : undefined
  const isFramework = ref.startsWith('ml_frameworks/')
  const command = isFramework
    ? (installer.installFramework(install, interpreter) ?? installer.installTool(install))
    : installer.installTool(install)
  if (command !== undefined) return command
  const packages = Object.entries(install).map(([manager, what]) => `${manager}: ${what}`)
  return packages.length > 0
    ? `Install ${name} (${packages.join(', ')})`
    : `Install ${name}, and put it on PATH`
}

function howToAsk(ref: string, { reason }: Detected, { snapshot }: Facts): string {
  if (reason?.includes('trust')) return `nexus-registry trust ${toShellWord(snapshot.home)}`
  return `Look again, with more time: NEXUS_REGISTRY_TIMEOUT=60 nexus-registry explain ${ref}`
}

// The client is here, and answers; whether there is an engine behind it is asked for one tool alone.
function describeEngine({ details }: Detected): string[] {
  const engine = details?.engine
  if (typeof engine !== 'object' || engine === null || !('reason' in engine)) return []
  return typeof engine.reason === 'string' ? [`its engine is ${engine.reason}`] : []
}
