import type { LoadedRegistry, Snapshot } from '../registry/snapshot.ts'
import { describeCopy } from '../registry/troubles.ts'

/** Sentences about registry files that could not be used whole, one a file, `now` in milliseconds since 1970. Only those that name variables matter. */
export function toProblems({ registries }: Snapshot, now: number): string[] {
  return [registries.tools, registries.ml_frameworks].flatMap(registry => toProblem(registry, now))
}

function toProblem(registry: LoadedRegistry, now: number): string[] {
  const { name, state, quarantined, diagnostics } = registry
  if (state === 'ok' && quarantined.length === 0) return []
  if (state === 'hidden') return [`you may not see ${name}`]
  const [first, ...others] = diagnostics.filter(({ severity }) => severity === 'error')
  if (first === undefined) return []
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`
  const copy = describeCopy(registry, now)
  const instead = copy === undefined ? '' : `, ${copy}`
  return [
    `${first.file}:${first.line}:${first.column}: ${first.message}${more}${instead}; see nexus-registry validate`,
  ]
}
