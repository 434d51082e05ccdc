import { subRegistryNames } from '../../registry/schema/names.ts'
import type { Rule } from '../rule.ts'

export const unlistedRegistry: Rule = {
  id: 'unlisted-registry',
  severity: 'warning',
  summary: 'hyper_registry.json does not list one of the seven sub-registries',
  check: ({ snapshot }) => {
    const listed = snapshot.readable.hyper?.sub_registries
    if (listed === undefined) return []
    return subRegistryNames
      .filter(name => listed[name] === undefined)
      .map(name => ({
        registry: 'hyper',
        path: ['sub_registries'],
        isAboutKey: true,
        message: `${name} is not listed`,
        hint: `Add ${JSON.stringify(name)} with its path and version`,
      }))
  },
}
