/**
 * The modules of `src/`, in order: each imports from itself and from those before it. Types count as imports.
 * `ARCHITECTURE.md` says what each of them is for.
 */
export const modules = [
  'lib',
  'platform',
  'registry',
  'config',
  'security',
  'catalog',
  'detection',
  'journal',
  'graph',
  'env',
  'readiness',
  'has',
  'query',
  'validate',
  'completion',
  'upgrade',
  'edit',
  'sync',
  'import',
  'dashboard',
  'server',
  'doctor',
  'cli',
] as const

/** Entry points of the program, the worker threads and the library. They may import from all modules. */
export const entryPoints = ['boot.ts', 'main.ts', 'worker.ts', 'library.ts'] as const

/** Folders that may use a package. `node:` stands for all of Node's own modules. */
export const packages: Readonly<Record<string, readonly string[]>> = {
  'node:': ['platform/node'],
  '@clack/prompts': ['platform/node'],
  '@fastify/accept-negotiator': ['server'],
  '@fastify/rate-limit': ['platform/node'],
  '@viz-js/viz': ['graph/formats'],
  chalk: ['lib/terminal'],
  chokidar: ['platform/node'],
  'cli-table3': ['lib/terminal'],
  commander: ['cli'],
  cosmiconfig: ['platform/node'],
  execa: ['platform/node'],
  fastify: ['platform/node'],
  'ipaddr.js': ['platform/node'],
  leven: ['lib/text'],
  lit: ['dashboard/web'],
  'p-limit': ['detection', 'readiness', 'sync'],
  'p-retry': ['sync'],
  pino: ['cli'],
  'prom-client': ['server'],
  re2js: ['lib/text'],
  semver: ['lib/version'],
  'smol-toml': ['detection/programs'],
  systeminformation: ['platform/node'],
  yaml: ['detection/kubernetes', 'lib/yaml', 'query/formats'],
  zod: ['config', 'dashboard', 'detection', 'readiness', 'registry', 'security', 'server', 'sync'],
}
