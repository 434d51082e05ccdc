import { describeAge } from '../lib/text/age.ts'
import type { LoadedRegistry } from './snapshot.ts'

/** What is wrong with registries and what stands in for them, a sentence each. `now` is milliseconds since 1970. */
export function listTroubles(registries: readonly LoadedRegistry[], now: number): string[] {
  return registries.flatMap(registry => {
    const faults = registry.diagnostics.map(
      ({ file, line, column, message }) => `${file}:${line}:${column}: ${message}`,
    )
    const copy = describeCopy(registry, now)
    return copy === undefined ? faults : [...faults, `${registry.path}: ${copy}`]
  })
}

/** Says that a copy stands in for a file, and how old it is: a clause. Undefined when none does. */
export function describeCopy({ copy }: Pick<LoadedRegistry, 'copy'>, now: number): string | undefined {
  return copy && `a copy from ${describeAge(now - copy.seenAt)} stands in for it`
}
