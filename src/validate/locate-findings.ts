import { parseJson } from '../lib/json/parse-json.ts'
import type { Diagnostic } from '../registry/diagnostic.ts'
import { createDiagnoser } from '../registry/load/diagnose.ts'
import { registryNames } from '../registry/schema/names.ts'
import type { LoadedRegistry, Snapshot } from '../registry/snapshot.ts'
import type { RuleFinding } from './run-rules.ts'

/** Gives findings the lines and columns of their places. Files without findings are not read again. */
export function locateFindings(
  findings: readonly RuleFinding[],
  snapshot: Pick<Snapshot, 'registries'>,
): Diagnostic[] {
  return registryNames.flatMap(name => {
    const own = findings.filter(({ registry }) => registry === name)
    return own.length === 0 ? [] : locateInFile(own, snapshot.registries[name])
  })
}

function locateInFile(findings: readonly RuleFinding[], registry: LoadedRegistry): Diagnostic[] {
  const { name, path, text = '' } = registry
  const { root } = parseJson(text)
  // Rules only look at what was read without fault, so there is one.
  if (root === undefined) return []
  const diagnoser = createDiagnoser({ name, path, text, root })
  return findings.map(finding => diagnoser.ofPlace({ isAboutKey: false, ...finding }))
}
