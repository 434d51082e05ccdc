import { compilePattern } from '../../lib/text/pattern.ts'
import { detectedRegistryNames } from '../../registry/schema/names.ts'
import { listReadEntries } from '../references.ts'
import type { Rule, Violation } from '../rule.ts'

export const pattern: Rule = {
  id: 'pattern',
  severity: 'error',
  summary: 'a version_pattern cannot run in linear time, so it is never run',
  check: async ({ snapshot }) => {
    const patterns = detectedRegistryNames.flatMap(registry =>
      listReadEntries(snapshot, registry).flatMap(([id, { version_pattern: source }]) =>
        source === undefined || isPlain(source) ? [] : [{ registry, id, source }],
      ),
    )
    const found = await Promise.all(patterns.map(check))
    return found.flat()
  },
}

async function check(entry: {
  registry: 'tools' | 'ml_frameworks'
  id: string
  source: string
}): Promise<Violation[]> {
  const compiled = await compilePattern(entry.source)
  if (compiled.ok) return []
  const message = `${JSON.stringify(entry.source)} cannot be used: ${compiled.message}`
  const hint =
    'Look-around, backreferences and large repetitions are not possible; capture the version in a group'
  return [{ registry: entry.registry, path: [entry.id, 'version_pattern'], message, hint }]
}

// Loading the engine takes longer than all other rules together, and nearly all patterns are written with these few
// constructs, which it shares with the JavaScript that the schema has read them by.
const plainParts =
  /^(?:[^\\([\]{}]|\\[dDwWsS.+*?()[\]{}|/\\^$tnr-]|\((?:\?:)?(?!\?)|\[\^?(?:[^\\[\]^]|\\[dws.\\-])+\])*$/

function isPlain(source: string): boolean {
  return source.length <= 128 && plainParts.test(source)
}
