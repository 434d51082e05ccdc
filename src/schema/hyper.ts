import * as z from 'zod'
import { idSchema, versionRangeSchema, versionSchema, webAddressSchema } from './common.ts'
import { subRegistryNames } from './names.ts'

/** Roles that may write, of the specification's section 6; `admin` may do everything. */
export const writeRoles = [
  'dashboard-service',
  'adapter',
  'tool-detection',
  'update-service',
  'plugin-loader',
  'service-registry',
  'adapter-deploy',
  'orchestrator',
] as const

/** Kinds of dependency between two components. */
export const edgeTypes = ['requires', 'references'] as const

const seconds = z.int().min(1).max(86_400)

const subRegistrySchema = z
  .strictObject({
    path: z.string().min(1).describe('File of the registry, relative to this one'),
    url: webAddressSchema.describe('Address that the registry is kept in sync with').optional(),
    version: versionSchema.describe('Version of the registry'),
    description: z.string().describe('What it holds').optional(),
    sync_enabled: z.boolean().describe('Whether sync keeps it fresh (default true)').optional(),
    entries_count_expected: z.int().min(0).describe('How many entries it should have').optional(),
    categories: z.array(z.string()).describe('Categories of its entries').optional(),
    capabilities: z.array(z.string()).describe('Capabilities of its entries').optional(),
  })
  .describe('One sub-registry')

const accessSchema = z
  .union([
    z.enum(['public_read', 'auth_read', 'admin_only']),
    z.strictObject({
      read: z.enum(['public', 'auth', 'admin']).describe('Who may read'),
      write: z.enum([...writeRoles, 'admin']).describe('Role that may write'),
      admin: z.enum(['admin']).describe('Role that may do everything'),
    }),
  ])
  .describe('Who may read and write a registry')

export const hyperSchema = z
  .strictObject({
    version: versionSchema.describe('Version of this document'),
    name: z.string().describe('Name of the installation').optional(),
    registry_type: z.enum(['hyper']).describe('Always hyper'),
    metadata: z
      .strictObject({
        sync_interval_seconds: seconds.describe('Time between two polls'),
        cache_ttl_seconds: seconds.describe('Age from which an answer is stale'),
      })
      .describe('How fresh the registries are kept'),
    sub_registries: z
      .partialRecord(z.enum(subRegistryNames), subRegistrySchema)
      .describe('The seven sub-registries'),
    dependency_graph: z
      .strictObject({
        nodes: z
          .array(
            z.strictObject({
              id: idSchema,
              label: z.string().describe('Name shown to people').optional(),
              description: z.string().optional(),
            }),
          )
          .describe('Components that are neither a registry nor an entry of one')
          .optional(),
        edges: z
          .array(
            z.strictObject({
              from: idSchema.describe('Component that needs'),
              to: idSchema.describe('Component that is needed'),
              type: z.enum(edgeTypes).describe('Whether it is needed or only referred to'),
            }),
          )
          .describe('Who needs whom'),
      })
      .describe('Dependencies between components'),
    sync_protocol: z
      .strictObject({
        type: z.enum(['polling']).describe('Always polling'),
        interval_seconds: seconds.describe('Time between two polls'),
        retry_attempts: z.int().min(0).max(10).describe('Retries after a failed attempt'),
        timeout_seconds: seconds.describe('Deadline of one attempt'),
      })
      .describe('How sub-registries are polled'),
    version_compatibility: z
      .record(idSchema, versionRangeSchema)
      .describe('Range of versions per component that work together')
      .optional(),
    access_control: z.record(idSchema, accessSchema).describe('Who may read and write which registry'),
  })
  .describe('The master registry that ties all others together')

export type Hyper = z.infer<typeof hyperSchema>
