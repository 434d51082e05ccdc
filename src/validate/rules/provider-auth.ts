import type { Provider } from '../../registry/schema/provider.ts'
import type { Readable } from '../readable.ts'
import { listReadEntries } from '../references.ts'
import type { Rule, Violation } from '../rule.ts'

export const providerAuth: Rule = {
  id: 'provider-auth',
  severity: 'error',
  summary: 'how a provider takes its key does not fit together',
  check: ({ snapshot }) =>
    listReadEntries(snapshot, 'providers').flatMap(([id, provider]) =>
      contradictions(provider).map(
        ({ field, ...text }): Violation => ({ registry: 'providers', path: [id, field], ...text }),
      ),
    ),
}

interface Contradiction extends Pick<Violation, 'message' | 'hint'> {
  readonly field: 'auth_type' | 'auth_header' | 'auth_query' | 'key_env'
}

// A header or parameter that lacks its name is refused by the schema.
function contradictions(provider: Readable<Provider>): Contradiction[] {
  const { auth_type: type, auth_header: header, auth_query: query, key_env: key, kind } = provider
  const found: Contradiction[] = []
  if (type === undefined) return found
  // Several local runtimes have a key that the user chooses, and no variable for it.
  if (type !== 'none' && key === undefined && kind !== 'local') found.push(toMissingKey(type))
  if (type !== 'header' && header !== undefined) found.push(toUnused('auth_header', type))
  if (type !== 'query' && query !== undefined) found.push(toUnused('auth_query', type))
  if (type === 'none' && key !== undefined) found.push(toUnused('key_env', type))
  return found
}

function toMissingKey(type: string): Contradiction {
  const message = `${JSON.stringify(type)} needs key_env, but it is missing`
  return { field: 'auth_type', message, hint: 'Add "key_env" with the variable that holds the key' }
}

function toUnused(field: Contradiction['field'], type: string): Contradiction {
  const message = `it says nothing when auth_type is ${JSON.stringify(type)}`
  return { field, message, hint: 'Remove it, or change auth_type' }
}
