import { toShellWord } from '../../lib/shell/to-shell-word.ts'
import type { Route } from '../route.ts'

type Asked = Pick<Route, 'method' | 'access' | 'docs'>

/** Where a server is asked in an example. */
export interface ExampleServer {
  /** Address without its last slash. */
  readonly base: string
  /** Options that curl needs to get there. */
  readonly options: readonly string[]
}

/** The example of a route, for curl. What is secret, and what is sent, the reader has to put in. */
export function toCurl({ method, access, docs }: Asked, { base, options }: ExampleServer): string {
  const { parameters, body, answers, example } = docs
  const isStream = Object.values(answers).some(({ content }) => 'text/event-stream' in content)
  const headers = parameters
    // A new entry needs none, but the example is about one that is there.
    .filter(({ in: place, isRequired, name }) => place === 'header' && (isRequired || name === 'If-Match'))
    .map(parameter => `-H ${toShellWord(`${parameter.name}: ${parameter.example}`)}`)
  const parts = [
    ['curl', isStream ? '-sN' : '-s', ...options, ...(method === 'GET' ? [] : ['-X', method])].join(' '),
    ...(access === 'write' ? ['-H "Authorization: Bearer $TOKEN"'] : []),
    ...headers,
    ...Object.keys(body ?? {})
      .slice(0, 1)
      .map(type => `-H ${toShellWord(`Content-Type: ${type}`)} --data-binary @body.json`),
    toShellWord(`${base}${example}`),
  ]
  return parts.join(parts.length > 2 ? ' \\\n  ' : ' ')
}
