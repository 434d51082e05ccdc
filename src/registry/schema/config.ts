import * as z from 'zod'
import { environmentNameSchema, idSchema, webAddressSchema } from './common.ts'
import { importFormatNames } from './names.ts'

/** Levels that a configuration can give to a rule of `validate`. */
export const ruleLevels = ['off', 'warning', 'error'] as const

/** How `query` prints entries. */
export const entryFormatNames = ['table', 'json', 'ndjson', 'csv', 'yaml'] as const

/** How `graph` prints a graph. */
export const graphFormatNames = ['tree', 'mermaid', 'dot', 'json', 'svg'] as const

/** Whether the default home takes newer shipped data by itself. */
export const upgradeModes = ['automatic', 'manual'] as const

/** Keys that a project may set: how things are checked and shown. All others are the user's alone. */
export const projectKeys: readonly string[] = ['validate', 'query', 'graph']

const validateSchema = z.strictObject({
  rules: z.record(z.string(), z.enum(ruleLevels)).describe('Level of single rules, by id').optional(),
  strict: z.boolean().describe('Whether warnings count as errors').optional(),
  horizon: z
    .string()
    .regex(/^\d{1,4}d$/, 'a number of days like 30d')
    .describe('How far ahead the retirement of a model is worth a warning')
    .optional(),
})

const networkSchema = z
  .string()
  .regex(
    /^(?:localhost|[0-9A-Fa-f:.]{2,45}(?:\/\d{1,3})?)$/,
    'an address, a range like 10.0.0.0/8, or localhost',
  )

const originSchema = z
  .string()
  .regex(/^https?:\/\/[^\s/?#@\\]+$/, 'an address without a path, like https://registry.example.com')

const upstreamSchema = z.strictObject({
  token_env: environmentNameSchema.describe('Variable that holds its bearer token').optional(),
  token_file: z
    .string()
    .min(1, 'a file')
    .describe('File that holds its bearer token, with mode 0600')
    .optional(),
})

const alertsSchema = z.strictObject({
  webhook: webAddressSchema.describe('Address that each alert is posted to, as JSON').optional(),
  command: z
    .array(z.string())
    .min(1, 'a program and its arguments')
    .describe('Program and arguments that are run for each alert, which comes on stdin as JSON')
    .optional(),
})

const serverSchema = z.strictObject({
  host: z.string().min(1, 'an address like 127.0.0.1').describe('Address that serve listens on').optional(),
  port: z.int().min(0).max(65_535).describe('Port that serve listens on; 0 takes a free one').optional(),
  socket: z.string().min(1, 'a path').describe('Socket that serve listens on, instead of a port').optional(),
  cert: z.string().min(1, 'a file').describe('Certificate for TLS, a file in PEM form').optional(),
  key: z.string().min(1, 'a file').describe('Private key for TLS, a file in PEM form').optional(),
  allowed_hosts: z
    .array(z.string().regex(/^[A-Za-z0-9.-]+$/, 'a name like registry.example.com'))
    .describe('Further host names that serve accepts')
    .optional(),
  rate_limit: z
    .int()
    .min(1)
    .max(1_000_000_000)
    .describe('Requests that an address may send in a minute')
    .optional(),
})

const querySchema = z.strictObject({
  format: z.enum(entryFormatNames).describe('How entries are printed').optional(),
})

const graphSchema = z.strictObject({
  format: z.enum(graphFormatNames).describe('How a graph is printed').optional(),
  depth: z.int().min(1).max(1000).describe('How many steps are gone from one thing').optional(),
})

/** A configuration file, of the user or of a project, without `$schema` and `x-` keys. */
export const configSchema = z
  .strictObject({
    home: z.string().min(1, 'a directory').describe('Registry home').optional(),
    python: z
      .string()
      .min(1, 'an interpreter like /usr/bin/python3')
      .describe('Python interpreter that is searched for ML frameworks')
      .optional(),
    platform_root: z
      .string()
      .min(1, 'a directory')
      .describe('Directory of the platform: the paths of adapters and plug-ins begin there')
      .optional(),
    concurrency: z.int().min(1).max(256).describe('Most probes at once').optional(),
    timeout: z.number().min(0.001).max(600).describe('Deadline of each probe, in seconds').optional(),
    allow_private: z
      .array(networkSchema)
      .describe('Addresses of this machine and of networks near it that upstreams and alerts may lead to')
      .optional(),
    check_credentials: z
      .array(idSchema)
      .describe('Providers whose credential `sync --deep` checks, by a free request to that provider alone')
      .optional(),
    upstreams: z
      .record(originSchema, upstreamSchema)
      .describe('How to sign in at upstreams, by their address without its path')
      .optional(),
    imports: z
      .partialRecord(z.enum(importFormatNames), webAddressSchema)
      .describe('Mirrors of the catalogues that import reads, by the name of the catalogue')
      .optional(),
    upgrade: z
      .enum(upgradeModes)
      .describe(
        'Whether the default home takes newer shipped data at the first sync after an update (automatic), or only by upgrade (manual)',
      )
      .optional(),
    alerts: alertsSchema.describe('Who is notified when a registry cannot be kept fresh').optional(),
    server: serverSchema.describe('How serve listens').optional(),
    validate: validateSchema.describe('How registries are checked').optional(),
    query: querySchema.describe('How results are shown').optional(),
    graph: graphSchema.describe('How graphs are shown').optional(),
  })
  .describe('Configuration of nexus-registry')

export type ConfigFile = z.infer<typeof configSchema>
