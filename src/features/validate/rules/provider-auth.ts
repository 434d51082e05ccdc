import type { Provider } from '../../../schema/provider.ts'
import { listEntries } from '../entries.ts'
import type { Finding, Rule } from '../rule.ts'

export const providerAuth: Rule = {
  id: 'provider-auth',
  severity: 'error',
  summary: 'how a provider takes its key does not fit together',
  check: ({ snapshot }) =>
    listEntries(snapshot, 'providers').flatMap(([id, provider]) =>
      contradictions(provider).map(
        ({ field, ...text }): Finding => ({ registry: 'providers', path: [id, field], ...text }),
      ),
    ),
}

interface Contradiction extends Pick<Finding, 'message' | 'hint'> {
  readonly field: 'auth_type' | 'auth_header' | 'auth_query' | 'key_env'
}

function contradictions(provider: Provider): Contradiction[] {
  const { auth_type: type, auth_header: header, auth_query: query, key_env: key } = provider
  const takesKey = type !== 'none'
  return [
    ...missing(type === 'header' && header === undefined, type, 'auth_header', 'the name of the header'),
    ...missing(type === 'query' && query === undefined, type, 'auth_query', 'the name of the parameter'),
    ...missing(takesKey && key === undefined, type, 'key_env', 'the variable that holds the key'),
    ...unused(type !== 'header' && header !== undefined, type, 'auth_header'),
    ...unused(type !== 'query' && query !== undefined, type, 'auth_query'),
    ...unused(!takesKey && key !== undefined, type, 'key_env'),
  ]
}

function missing(
  isMissing: boolean,
  type: string,
  field: Contradiction['field'],
  what: string,
): Contradiction[] {
  if (!isMissing) return []
  const message = `${JSON.stringify(type)} needs ${field}, but it is missing`
  return [{ field: 'auth_type', message, hint: `Add ${JSON.stringify(field)} with ${what}` }]
}

function unused(isUnused: boolean, type: string, field: Contradiction['field']): Contradiction[] {
  if (!isUnused) return []
  const message = `it says nothing when auth_type is ${JSON.stringify(type)}`
  return [{ field, message, hint: 'Remove it, or change auth_type' }]
}
