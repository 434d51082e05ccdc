import { registryFiles, subRegistryNames } from '../../registry/schema/names.ts'
import type { Rule } from '../rule.ts'

export const registryPath: Rule = {
  id: 'registry-path',
  severity: 'error',
  summary: 'hyper_registry.json names another file than the one that a registry is read from',
  check: ({ snapshot }) => {
    const declared = snapshot.readable.hyper?.sub_registries ?? {}
    return subRegistryNames.flatMap(name => {
      const path = declared[name]?.path
      const file = registryFiles[name]
      if (path === undefined || path === file || path === `./${file}`) return []
      const message = `${JSON.stringify(path)} is not where ${name} is read from`
      const hint = `Registries lie side by side under fixed names: "./${file}"`
      return [{ registry: 'hyper', path: ['sub_registries', name, 'path'], message, hint }]
    })
  },
}
