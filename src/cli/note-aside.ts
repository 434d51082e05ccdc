import { toVisible } from '../lib/text/visible.ts'
import type { DetectionAge } from '../query/detection-age.ts'
import type { LoadedRegistry } from '../registry/snapshot.ts'
import { describeCopy } from '../registry/troubles.ts'
import type { CommandContext } from './command-context.ts'

/** Most findings that are told of one registry: `validate` tells them all. */
const toldFindings = 5

interface Aside {
  /** Registries of which something is broken, and left out of an answer or taken from a copy. */
  readonly broken: readonly LoadedRegistry[]
  /** How old the detections are that it rests on, where they are too old. */
  readonly staleAge: DetectionAge | undefined
}

/** Says on stderr what an answer leaves out, and that it may be out of date. */
export async function noteAside({ broken, staleAge }: Aside, { host, note }: CommandContext): Promise<void> {
  for (const registry of broken) note(toVisible(describeBroken(registry, host.clock.now())))
  if (staleAge?.ms === undefined)
    return staleAge && note('Nothing was looked for here yet: nexus-registry sync does')
  const { renderAge } = await import('../lib/text/age-2.ts')
  note(`What is here was looked up ${renderAge(staleAge.ms)}: nexus-registry sync looks again`)
}

function describeBroken(registry: LoadedRegistry, now: number): string {
  const { name, diagnostics } = registry
  const copy = describeCopy(registry, now)
  const what = copy === undefined ? describeLeftOut(registry) : `${name} cannot be used: ${copy}`
  const findings = diagnostics
    .slice(0, toldFindings)
    .map(({ file, line, column, message }) => `  ${file}:${line}:${column}: ${message}`)
  const more = diagnostics.length - findings.length
  const rest = more > 0 ? [`  and ${more} more: nexus-registry validate`] : []
  return [what, ...findings, ...rest].join('\n')
}

function describeLeftOut({ name, content, quarantined }: LoadedRegistry): string {
  const refs = quarantined.map(id => `${name}/${id.replace(/^\//, '')}`)
  const part = content === undefined ? `all of ${name}` : `a part of ${name}`
  return `Left out of the answer: ${refs.length > 0 ? refs.join(', ') : part}`
}
