import { parseRegistryName } from '../../registry/refs.ts'
import { registryFiles, registryNames } from '../../registry/schema/names.ts'
import type { Rule, RuleContext, Violation } from '../rule.ts'

/** Unknown roles are found while the file is read: see `src/registry/load/`. */
export const accessControl: Rule = {
  id: 'access-control',
  severity: 'error',
  summary: 'access is granted to a registry or role that does not exist, or twice to the same registry',
  check: context => {
    const seen = new Map<string, string>()
    const keys = Object.keys(context.snapshot.readable.hyper?.access_control ?? {})
    return keys.flatMap((key): Violation[] => {
      const place = { registry: 'hyper', path: ['access_control', key], isAboutKey: true } as const
      const name = parseRegistryName(key)
      if (name === undefined) return [{ ...place, ...toUnknownRegistry(key, context) }]
      const first = seen.get(name)
      seen.set(name, first ?? key)
      if (first === undefined) return []
      const message = `${JSON.stringify(first)} means the same registry`
      return [{ ...place, message, hint: 'Remove one of them' }]
    })
  },
}

function toUnknownRegistry(key: string, { suggest }: RuleContext): Pick<Violation, 'message' | 'hint'> {
  const forms = registryNames.flatMap(name => [name, registryFiles[name].replace('.json', '')])
  return {
    message: `there is no registry ${JSON.stringify(key)}`,
    hint: suggest(key, forms) ?? `Registries are ${registryNames.join(', ')}`,
  }
}
