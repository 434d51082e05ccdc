import * as z from 'zod'
import { accessControlSchema } from './access.ts'
import { idSchema, textSchema, versionRangeSchema, versionSchema, webAddressSchema } from './common.ts'
import type { SubRegistryName } from './names.ts'

/** Kinds of dependency between two components. */
export const edgeTypes = ['requires', 'references'] as const

const seconds = z.int().min(1, 'at least 1 second').max(86_400, 'at most 86400 seconds (a day)')

/** What the hyper registry knows of another registry. */
export const subRegistrySchema = z
  .strictObject({
    path: textSchema.describe('File of the registry, relative to this one'),
    url: webAddressSchema.describe('Address that the registry is kept in sync with').optional(),
    version: versionSchema.describe('Version of the registry, like 1.0.0'),
    description: z.string().describe('What it holds').optional(),
    sync_enabled: z.boolean().describe('Whether sync keeps it fresh (default true)').optional(),
    entries_count_expected: z
      .int()
      .min(0, 'a number of entries')
      .describe('How many entries it should have; validate warns when it has more or fewer')
      .optional(),
    categories: z
      .array(textSchema)
      .describe('Vocabulary of categories: a word that it lacks is a finding, and one that it adds is valid')
      .meta({ examples: [['container', 'database']] })
      .optional(),
    capabilities: z
      .array(textSchema)
      .describe(
        'Vocabulary of capabilities: a word that it lacks is a finding, and one that it adds is valid',
      )
      .meta({ examples: [['streaming', 'vision']] })
      .optional(),
  })
  .describe('What the hyper registry knows of another registry')

const subRegistry = (holds: string) => subRegistrySchema.describe(holds).optional()

const subRegistriesSchema = z
  .strictObject({
    tools: subRegistry('Tools and capabilities of the machine'),
    providers: subRegistry('Providers of language models'),
    models: subRegistry('Models'),
    plugins: subRegistry('Modules of shells'),
    microservices: subRegistry('Running services'),
    adapters: subRegistry('Code that speaks to providers'),
    ml_frameworks: subRegistry('Machine-learning libraries of Python'),
  } satisfies Record<SubRegistryName, z.ZodType>)
  .describe('The seven sub-registries')

/** Ranges of versions that work together, by component; the specification's section 5. */
export const versionCompatibilitySchema = z
  .record(idSchema, versionRangeSchema)
  .describe('Range of versions that works together with the rest, by component')
  .meta({ examples: [{ api_manager: '>=1.0.0' }] })

const nodeSchema = z
  .strictObject({
    id: idSchema.describe('Id that edges name it by'),
    label: textSchema.describe('Name shown to people').optional(),
    description: z.string().describe('What it is, in a sentence').optional(),
  })
  .describe('A component that is neither a registry nor an entry of one')

const edgeSchema = z
  .strictObject({
    from: idSchema.describe('Component that needs or refers to the other'),
    to: idSchema.describe('Component that is needed or referred to'),
    type: z.enum(edgeTypes).describe('requires: cannot work without it; references: reads or names it'),
  })
  .describe('Dependencies between components')

export const hyperSchema = z
  .strictObject({
    version: versionSchema.describe('Version of this document, like 2.0.0'),
    name: z.string().describe('Name of the installation').optional(),
    registry_type: z.enum(['hyper']).describe('Always hyper'),
    metadata: z
      .strictObject({
        sync_interval_seconds: seconds.describe('Time between two polls, in seconds'),
        cache_ttl_seconds: seconds.describe('Age from which cached results are stale, in seconds'),
      })
      .describe('How fresh the registries are kept'),
    sub_registries: subRegistriesSchema,
    dependency_graph: z
      .strictObject({
        nodes: z
          .array(nodeSchema)
          .describe('Components that are neither a registry nor an entry of one')
          .optional(),
        edges: z.array(edgeSchema).describe('Dependencies between components'),
      })
      .describe('Dependencies between components: registries, entries and nodes'),
    sync_protocol: z
      .strictObject({
        type: z.enum(['polling']).describe('Always polling'),
        interval_seconds: seconds.describe('Time between two polls, in seconds'),
        retry_attempts: z
          .int()
          .min(0, 'a number from 0 to 10')
          .max(10, 'a number from 0 to 10')
          .describe('Retries after a failed attempt, each after twice the pause (1 s, 2 s, 4 s)'),
        timeout_seconds: seconds.describe('Deadline of one attempt, in seconds'),
      })
      .describe('How sub-registries are polled'),
    version_compatibility: versionCompatibilitySchema.optional(),
    access_control: accessControlSchema,
  })
  .describe('The master registry that ties all others together')

export type Hyper = z.infer<typeof hyperSchema>
