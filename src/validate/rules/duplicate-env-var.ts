import { providerVariable } from '../../env/variables.ts'
import { listReadEntries } from '../references.ts'
import type { Rule, RuleContext, Violation } from '../rule.ts'

export const duplicateEnvVar: Rule = {
  id: 'duplicate-env-var',
  severity: 'error',
  summary: 'two tools, ML frameworks or providers export the same variable',
  check: context => {
    const owners = new Map<string, string>()
    return listExports(context).flatMap(({ name, owner, registry, path }): Violation[] => {
      const first = owners.get(name)
      if (first === undefined) {
        owners.set(name, owner)
        return []
      }
      const message = `${name} is exported by ${first} already`
      return [{ registry, path, message, hint: 'Give each its own name' }]
    })
  },
}

interface Export extends Pick<Violation, 'registry' | 'path'> {
  readonly name: string
  readonly owner: string
}

function listExports({ snapshot }: RuleContext): Export[] {
  const tools = listReadEntries(snapshot, 'tools').flatMap(
    ([id, { env_var, companion_vars = {} }]): Export[] => {
      const place = { registry: 'tools', owner: `tools/${id}` } as const
      return [
        ...(env_var === undefined ? [] : [{ ...place, path: [id, 'env_var'], name: env_var }]),
        ...Object.entries(companion_vars).flatMap(([fact, name]) =>
          name === undefined ? [] : [{ ...place, path: [id, 'companion_vars', fact], name }],
        ),
      ]
    },
  )
  const frameworks = listReadEntries(snapshot, 'ml_frameworks').flatMap(
    ([id, { env_var: name }]): Export[] =>
      name === undefined
        ? []
        : [{ registry: 'ml_frameworks', owner: `ml_frameworks/${id}`, path: [id, 'env_var'], name }],
  )
  const taken = new Set([...tools, ...frameworks].map(({ name }) => name))
  const providers = listReadEntries(snapshot, 'providers').map(([id, provider]): Export => {
    const path = provider.env_var === undefined ? [id] : [id, 'env_var']
    return {
      registry: 'providers',
      owner: `providers/${id}`,
      path,
      name: providerVariable(id, provider, taken),
    }
  })
  return [...tools, ...frameworks, ...providers]
}
