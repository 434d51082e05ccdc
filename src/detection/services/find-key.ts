import type { Environment } from '../../platform/host.ts'
import type { Provider } from '../../registry/schema/provider.ts'

/** Where the key of a provider is, if anywhere. `reason` is a sentence without its full stop. */
export type KeyFinding =
  | { readonly kind: 'set'; readonly variable: string }
  | { readonly kind: 'needless' }
  | { readonly kind: 'unset' | 'unnamed'; readonly reason: string; readonly hint: string }

/** Looks for the first variable that holds a key. What it holds is nobody's business. */
export function findKey(
  { auth_type: auth, key_env: names }: Pick<Provider, 'auth_type' | 'key_env'>,
  env: Environment,
): KeyFinding {
  if (auth === 'none') return { kind: 'needless' }
  const variables = [names ?? []].flat()
  const variable = variables.find(name => isSet(name, env))
  if (variable !== undefined) return { kind: 'set', variable }
  if (variables.length === 0) {
    const hint = 'Name the variable in key_env of its entry in provider_registry.json'
    return { kind: 'unnamed', reason: 'its entry does not say which variable holds the key', hint }
  }
  const reason =
    variables.length === 1 ? `${variables[0]} is not set` : `neither ${variables.join(' nor ')} is set`
  return {
    kind: 'unset',
    reason,
    hint: `Set ${variables.join(' or ')} to your key: export ${variables[0]}=…`,
  }
}

// `constructor` is a name that every object knows.
function isSet(name: string, env: Environment): boolean {
  return Object.hasOwn(env, name) && Boolean(env[name])
}
