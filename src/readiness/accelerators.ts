import { type Accelerator, isAccelerator } from '../detection/accelerator/accelerator.ts'
import { toRef } from '../registry/refs.ts'
import type { Detected } from '../registry/schema/detected.ts'
import { entriesOf } from '../registry/snapshot.ts'
import type { Facts } from './facts.ts'
import { describeFix, notReady, type ReadinessCondition, ready } from './readiness.ts'

/** What a detection says of the accelerator of an ML framework; undefined when it says nothing. */
export function acceleratorOf({ details }: Detected): Accelerator | undefined {
  const accelerator = details?.accelerator
  return isAccelerator(accelerator) ? accelerator : undefined
}

/**
 * The condition of a present framework by its accelerator. A build for GPUs that cannot use a GPU of this machine is a
 * problem where something can be done; a build for the CPU beside a GPU is worth a warning.
 */
export function toAcceleratorCondition(detected: Detected, facts: Facts): ReadinessCondition {
  const accelerator = acceleratorOf(detected)
  if (accelerator?.usable !== false) return ready()
  const { built_for: builtFor, reason, fix } = accelerator
  const why = reason ?? 'the reason is not known'
  if (builtFor === 'cpu') return fix === null ? ready() : ready(`${why}: ${describeFix(fix)}`)
  return fix === null || !hasGpu(facts) ? ready() : notReady(why, fix)
}

/** Whether this machine has a GPU, working or not. */
function hasGpu({ snapshot, detections }: Facts): boolean {
  return Object.entries(entriesOf(snapshot, 'tools')).some(([id, { probe, detected }]) => {
    const found = detections.get(toRef('tools', id)) ?? detected
    return probe === 'gpu' && (found?.status === 'present' || found?.status === 'broken')
  })
}

type AcceleratorFact = readonly [name: string, text: string]

/** Most architectures that are listed by name. */
const maxArchitectures = 12

/** Lines on an accelerator: what the build is for, whether it can be used, and the fix unless it stands elsewhere. */
export function listAcceleratorFacts(detected: Detected, shown: readonly string[]): AcceleratorFact[] {
  const accelerator = acceleratorOf(detected)
  if (accelerator === undefined) return []
  const { built_for: builtFor, architectures, fix } = accelerator
  const isShown = fix !== null && shown.some(text => text.includes(describeFix(fix)))
  return [
    ...(builtFor === null ? [] : [['built for', describeBuild(builtFor, architectures)] as const]),
    ['accelerator', describeUse(accelerator)],
    ...(fix === null || isShown ? [] : [['fix', describeFix(fix)] as const]),
  ]
}

function describeBuild(builtFor: string, architectures: readonly string[] | null): string {
  if (architectures === null) return builtFor
  const named = architectures.slice(0, maxArchitectures).join(', ')
  return `${builtFor} (${architectures.length > maxArchitectures ? `${named}, …` : named})`
}

function describeUse({ usable, reason }: Accelerator): string {
  const word = usable === null ? 'not known' : usable ? 'usable' : 'not usable'
  return reason === null ? word : `${word}: ${reason}`
}
