import type { LoadedRegistry, Snapshot } from '../../core/snapshot.ts'

/** Sentences about registry files that could not be used whole, one a file. Only those that name variables matter. */
export function toProblems({ registries }: Snapshot): string[] {
  return [registries.tools, registries.ml_frameworks].flatMap(toProblem)
}

function toProblem({ state, quarantined, diagnostics }: LoadedRegistry): string[] {
  if (state === 'ok' && quarantined.length === 0) return []
  const [first, ...others] = diagnostics.filter(({ severity }) => severity === 'error')
  if (first === undefined) return []
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`
  return [`${first.file}:${first.line}:${first.column}: ${first.message}${more}; see nexus-registry validate`]
}
