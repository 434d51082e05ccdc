import { toVersion } from '../../lib/version/parse-version.ts'
import { findIncompatibleIn } from '../../registry/components/compatibility.ts'
import { detectedRegistryNames } from '../../registry/schema/names.ts'
import { listReadEntries } from '../references.ts'
import type { Rule, RuleContext, Violation } from '../rule.ts'

export const versionIncompatible: Rule = {
  id: 'version-incompatible',
  severity: 'error',
  summary: 'a component has a version that its range leaves out, or a range or minimum cannot be read',
  check: async context => [...(await findLeftOut(context)), ...findUnreadableMinimums(context)],
}

async function findLeftOut({ snapshot, components }: RuleContext): Promise<Violation[]> {
  const { hyper = {}, dashboard = {}, plugins = {}, microservices = {}, adapters = {} } = snapshot.readable
  const contents = { hyper, dashboard, plugins, microservices, adapters }
  const found = await findIncompatibleIn(contents, () => components)
  return found.map(({ registry, path, message, hint }) => ({ registry, path, message, hint }))
}

function findUnreadableMinimums({ snapshot }: RuleContext): Violation[] {
  return detectedRegistryNames.flatMap(registry =>
    listReadEntries(snapshot, registry).flatMap(([id, { min_version: minimum }]): Violation[] => {
      if (minimum === undefined || toVersion(minimum) !== null) return []
      const message = `${JSON.stringify(minimum)} is no version`
      return [{ registry, path: [id, 'min_version'], message, hint: 'Write a version like 1.2 or 1.2.3' }]
    }),
  )
}
