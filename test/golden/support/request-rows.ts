/** Who sends a request: somebody with a token of this role, or without one. */
export type Sender = 'nobody' | 'tool-detection' | 'admin'

/** A request to the server, and the golden file that says how it is answered. */
export interface RequestRow {
  readonly file: string
  readonly path: string
  readonly method?: string
  readonly sender?: Sender
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as it is; anything but a text as JSON. */
  readonly body?: unknown
}

const everybodysPaths = [
  '/',
  '/health',
  '/health/registry/hyper',
  '/health/registry/dashboard',
  '/health/registry/tools',
  '/health/registry/providers',
  '/health/registry/models',
  '/health/registry/plugins',
  '/health/registry/microservices',
  '/health/registry/adapters',
  '/health/registry/ml_frameworks',
  '/health/acme',
  '/health/other',
  '/health/nobody',
  '/registries/hyper_registry.json',
  '/registries/dashboard',
  '/registries/tool_registry.json',
  '/registries/providers',
  '/registries/models',
  '/registries/plugins',
  '/registries/microservices',
  '/registries/adapters',
  '/registries/ml_frameworks',
  '/registries/tools/docker',
  '/registries/plugins/core',
  '/query/all?filter=map_values(keys)',
  '/query/tools',
  '/explain/tools/docker',
  '/explain/models/tiny',
  '/explain/microservices/gateway',
  '/graph.json',
  '/graph.svg',
  '/graph.mmd',
  '/graph.dot',
  '/env.json',
  '/env.sh',
] as const

/** Anybody and an administrator see different things at these. */
const reads: readonly RequestRow[] = everybodysPaths.flatMap(path => [
  { file: `serve/read${toName(path)}`, path },
  { file: `serve/read${toName(path)}-admin`, path, sender: 'admin' },
])

function toName(path: string): string {
  return path === '/' ? '-start' : path.replace(/\?.*$/, '-filter').replaceAll(/[/.]/g, '-')
}

const others: readonly RequestRow[] = [
  { file: 'serve/openapi', path: '/openapi.json' },
  { file: 'serve/docs', path: '/docs' },
  { file: 'serve/docs-stylesheet', path: '/docs.css' },
  { file: 'serve/start-html', path: '/', headers: { accept: 'text/html' } },
  { file: 'serve/asset-unknown', path: '/assets/nothing.js' },
  { file: 'serve/events', path: '/events' },
  { file: 'serve/events-unknown-id', path: '/events', headers: { 'last-event-id': 'x-1' } },
  { file: 'serve/query-one-value', path: '/query/tools?filter=.docker.detected.version' },
  { file: 'serve/query-several-values', path: '/query/tools?filter=keys[0:3][]' },
  { file: 'serve/query-does-not-parse', path: '/query/tools?filter=.a|' },
  { file: 'serve/query-fails', path: '/query/tools?filter=1%2B"a"' },
  { file: 'serve/query-unknown-registry', path: '/query/tolls' },
  { file: 'serve/query-hidden', path: '/query/adapters' },
  { file: 'serve/head', path: '/registries/dashboard', method: 'HEAD' },
  { file: 'serve/options', path: '/registries/dashboard', method: 'OPTIONS' },
  {
    file: 'serve/gzip',
    path: '/registries/dashboard',
    headers: { 'accept-encoding': 'gzip' },
    method: 'HEAD',
  },
  { file: 'serve/unchanged', path: '/registries/dashboard', headers: { 'if-none-match': '*' } },
  { file: 'serve/unknown-path', path: '/nothing' },
  { file: 'serve/unknown-registry', path: '/registries/tolls' },
  { file: 'serve/unknown-entry', path: '/registries/tools/dokcer' },
  { file: 'serve/unknown-entry-explained', path: '/explain/tools/dokcer' },
  { file: 'serve/method-not-allowed', path: '/health', method: 'POST', body: {} },
  { file: 'serve/wrong-token', path: '/health', headers: { authorization: 'Bearer wrong' } },
  { file: 'serve/role-is-not-enough', path: '/registries/adapters', sender: 'tool-detection' },
  { file: 'serve/foreign-host', path: '/health', headers: { host: 'registry.example.com' } },
  { file: 'serve/foreign-origin', path: '/health', headers: { origin: 'https://example.com' } },
]

const jq = { detection: 'which jq', env_var: 'NEXUS_HAS_JQ' }
const any = { 'if-match': '*' }
const writer = 'tool-detection'

/** Writes one after the other: some are refused, and change nothing; the last ones are made. */
const writes: readonly RequestRow[] = [
  { file: 'write/put-without-token', path: '/registries/tools/jq', method: 'PUT', body: jq, headers: any },
  {
    file: 'write/put-role-is-not-enough',
    path: '/registries/models/new',
    method: 'PUT',
    sender: writer,
    body: {},
    headers: any,
  },
  {
    file: 'write/put-unknown-registry',
    path: '/registries/tolls/jq',
    method: 'PUT',
    sender: writer,
    body: jq,
  },
  {
    file: 'write/put-odd-id',
    path: '/registries/tools/a%20b',
    method: 'PUT',
    sender: writer,
    body: jq,
    headers: any,
  },
  {
    file: 'write/put-no-precondition',
    path: '/registries/tools/jq',
    method: 'PUT',
    sender: writer,
    body: jq,
  },
  {
    file: 'write/put-precondition-fails',
    path: '/registries/tools/docker',
    method: 'PUT',
    sender: writer,
    body: jq,
    headers: { 'if-none-match': '*' },
  },
  {
    file: 'write/put-other-etag',
    path: '/registries/tools/docker',
    method: 'PUT',
    sender: writer,
    body: jq,
    headers: { 'if-match': '"other"' },
  },
  {
    file: 'write/put-no-json',
    path: '/registries/tools/jq',
    method: 'PUT',
    sender: writer,
    body: '{',
    headers: any,
  },
  {
    file: 'write/put-other-type',
    path: '/registries/tools/jq',
    method: 'PUT',
    sender: writer,
    body: 'a: 1',
    headers: { ...any, 'content-type': 'application/yaml' },
  },
  {
    file: 'write/put-too-large',
    path: '/registries/tools/jq',
    method: 'PUT',
    sender: writer,
    body: { description: 'x'.repeat(1_100_000) },
    headers: any,
  },
  {
    file: 'write/put-not-valid',
    path: '/registries/tools/jq',
    method: 'PUT',
    sender: writer,
    body: { detection: 'which jq', verion_check: 'jq --version' },
    headers: { 'if-none-match': '*' },
  },
  {
    file: 'write/put-not-valid-with-others',
    path: '/registries/tools/docker2',
    method: 'PUT',
    sender: writer,
    body: { detection: 'which docker', env_var: 'NEXUS_HAS_DOCKER' },
    headers: { 'if-none-match': '*' },
  },
  {
    file: 'write/put-of-an-upstream',
    path: '/registries/models/new',
    method: 'PUT',
    sender: 'admin',
    body: { provider: 'acme', context_tokens: 1, capabilities: [] },
    headers: { 'if-none-match': '*' },
  },
  {
    file: 'write/patch-unknown-entry',
    path: '/registries/tools/jq',
    method: 'PATCH',
    sender: writer,
    body: {},
    headers: any,
  },
  {
    file: 'write/delete-without-token',
    path: '/registries/tools/docker',
    method: 'DELETE',
    headers: any,
  },
  {
    file: 'write/delete-unknown-entry',
    path: '/registries/tools/jq',
    method: 'DELETE',
    sender: writer,
    headers: any,
  },
  {
    file: 'write/delete-registry',
    path: '/registries/tools',
    method: 'DELETE',
    sender: 'admin',
    headers: any,
  },
  {
    file: 'write/put-entry',
    path: '/registries/tools/jq',
    method: 'PUT',
    sender: writer,
    body: jq,
    headers: { 'if-none-match': '*' },
  },
  {
    file: 'write/patch-entry',
    path: '/registries/tools/jq',
    method: 'PATCH',
    sender: writer,
    body: { description: 'Filters JSON', version_check: 'jq --version' },
    headers: { ...any, 'content-type': 'application/merge-patch+json' },
  },
  { file: 'write/read-it', path: '/registries/tools/jq' },
  {
    file: 'write/delete-entry',
    path: '/registries/tools/jq',
    method: 'DELETE',
    sender: writer,
    headers: any,
  },
  { file: 'write/read-it-no-more', path: '/registries/tools/jq' },
  {
    file: 'write/put-registry',
    path: '/registries/ml_frameworks',
    method: 'PUT',
    sender: 'admin',
    body: {
      pytorch: { import_name: 'torch', detection: "python -c 'import torch'", env_var: 'NEXUS_HAS_PYTORCH' },
      keras: { import_name: 'keras', detection: "python -c 'import keras'", env_var: 'NEXUS_HAS_KERAS' },
    },
    headers: any,
  },
  { file: 'write/metrics', path: '/metrics' },
  { file: 'write/metrics-admin', path: '/metrics', sender: 'admin' },
]

/** Sent again until everything is measured: they would change how many requests the server has counted. */
const measured: readonly RequestRow[] = [
  { file: 'serve/dashboard', path: '/dashboard.json' },
  { file: 'serve/dashboard-admin', path: '/dashboard.json', sender: 'admin' },
]

/** In this order, one after the other. */
export const requestRows: readonly RequestRow[] = [...reads, ...others, ...writes, ...measured]
