import type { Environment } from '../../platform/host.ts'
import type { Provider } from '../../registry/schema/provider.ts'
import type { Runtime } from './runtime.ts'

/** Where a local runtime may be. */
export type RuntimePlace =
  | {
      readonly kind: 'urls'
      /** Without a slash at the end: paths follow. */
      readonly urls: readonly string[]
      /** Variable that names the address; undefined for the default addresses of the runtime. */
      readonly variable: string | undefined
    }
  /** `variable` names nothing that a request could be sent to. */
  | { readonly kind: 'unusable'; readonly variable: string }

type Addressed = Pick<Provider, 'base_url' | 'endpoint' | 'host_env'>

/** Where a runtime is expected: where its variables say, as the runtime itself reads them, else at its default addresses. */
export function findRuntimePlace(
  provider: Addressed,
  { variables, otherPorts = [] }: Pick<Runtime, 'variables' | 'otherPorts'>,
  env: Environment,
): RuntimePlace {
  const base = new URL(provider.base_url ?? provider.endpoint)
  const named = findNamed(provider.host_env, variables, env)
  if (named === undefined) {
    const urls = [base, ...otherPorts.map(port => withPort(base, port))].map(toPlainUrl)
    return { kind: 'urls', urls: [...new Set(urls)], variable: undefined }
  }
  const url = toNamedUrl(named, base)
  if (url === undefined) return { kind: 'unusable', variable: named.variable }
  return { kind: 'urls', urls: [url], variable: named.variable }
}

interface NamedAddress {
  /** The variable to name in messages. */
  readonly variable: string
  readonly host: string
  readonly port: string | undefined
  readonly path: string | undefined
}

/** What the variables say; undefined when none is set. */
function findNamed(
  hostEnv: string | undefined,
  variables: Runtime['variables'] = {},
  env: Environment,
): NamedAddress | undefined {
  if (hostEnv === undefined) return undefined
  const { host, port, path } = variables
  if (hostEnv !== host && hostEnv !== port) {
    const value = readVariable(hostEnv, env)
    return value === undefined
      ? undefined
      : { variable: hostEnv, host: toPortForm(value), port: undefined, path: undefined }
  }
  const [hostValue, portValue] = [readVariable(host, env), readVariable(port, env)]
  const variable = hostValue === undefined ? port : host
  if (variable === undefined || (hostValue ?? portValue) === undefined) return undefined
  return { variable, host: hostValue ?? '', port: portValue, path: readVariable(path, env) }
}

/** A variable without the spaces and quotes around it; undefined when nothing is left. */
function readVariable(name: string | undefined, env: Environment): string | undefined {
  if (name === undefined || !Object.hasOwn(env, name)) return undefined
  const value = env[name]
    ?.trim()
    .replace(/^(["'])(.*)\1$/s, '$2')
    .trim()
  return value === '' ? undefined : value
}

// A number alone is a port.
function toPortForm(value: string): string {
  return /^\d+$/.test(value) ? `:${value}` : value
}

/** Ports of an address that names a scheme and no port. */
const schemePorts: Readonly<Record<string, string>> = { http: '80', https: '443' }

// As Ollama reads OLLAMA_HOST (envconfig/config.go at fb3076099, 2026-08-21): [scheme://]host[:port][/path]. A port that is
// none is replaced by the default, and an address to listen on by the loopback address of its family.
function toNamedUrl({ host: text, port, path }: NamedAddress, base: URL): string | undefined {
  const [, scheme, rest = ''] = /^(?:([A-Za-z][A-Za-z0-9+.-]*):\/\/)?(.*)$/s.exec(text) ?? []
  // User names and passwords are none of this program's business.
  if (/[@\\\s,]/.test(rest) || /\.sock$/.test(rest)) return undefined
  const protocol = scheme?.toLowerCase() ?? base.protocol.slice(0, -1)
  if (schemePorts[protocol] === undefined) return undefined
  const [authority = '', ...folders] = rest.replace(/[?#].*$/s, '').split('/')
  const defaultPort = scheme === undefined ? base.port : schemePorts[protocol]
  const { name, given } = splitAuthority(authority)
  const chosen = [port, given, defaultPort].find(isPort) ?? ''
  const folder = path ?? folders.join('/')
  const address = `${protocol}://${toDialled(name)}${chosen && `:${chosen}`}/${folder.replace(/^\/+/, '')}`
  return URL.canParse(address) ? toPlainUrl(new URL(address)) : undefined
}

function splitAuthority(authority: string): { readonly name: string; readonly given: string | undefined } {
  const [, bracketed, bracketedPort] = /^\[([^\]]*)\](?::(.*))?$/.exec(authority) ?? []
  if (bracketed !== undefined) return { name: bracketed, given: bracketedPort }
  const parts = authority.split(':')
  // An address of IPv6 without brackets has no port.
  if (parts.length > 2) return { name: authority, given: undefined }
  return { name: parts[0] ?? '', given: parts[1] }
}

function isPort(text: string | undefined): boolean {
  return text !== undefined && /^\d{1,5}$/.test(text) && Number(text) > 0 && Number(text) <= 65_535
}

function toDialled(name: string): string {
  if (name === '' || name === '0.0.0.0') return '127.0.0.1'
  if (name === '::') return '[::1]'
  return name.includes(':') ? `[${name}]` : name
}

function withPort(url: URL, port: number): URL {
  const other = new URL(url)
  other.port = String(port)
  return other
}

function toPlainUrl({ origin, pathname }: URL): string {
  return `${origin}${pathname}`.replace(/\/$/, '')
}
