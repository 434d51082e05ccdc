import * as z from 'zod'

const nodeSchema = z.strictObject({
  id: z.string().describe('Ref of an entry, name of a registry, or id of a capability or component'),
  kind: z
    .enum([
      'registry',
      'component',
      'capability',
      'tool',
      'provider',
      'model',
      'plugin',
      'microservice',
      'adapter',
      'ml_framework',
      'dashboard_entry',
      'metric',
      'group',
      'missing',
      'unseen',
    ])
    .describe(
      'What it is; missing: nothing is called so; unseen: it may stand where the caller may not look',
    ),
  label: z.string().describe('Name shown to people'),
  status: z
    .enum(['ready', 'not ready', 'unknown'])
    .nullable()
    .describe('Whether it can be used here; null when nobody has looked'),
})

const edgeSchema = z.strictObject({
  from: z.string().describe('Id of the node that needs or names the other'),
  to: z.string().describe('Id of the other node'),
  type: z
    .enum(['requires', 'references', 'provided_by', 'shows'])
    .describe(
      'requires: cannot work without it; references: reads or names it; provided_by: any one of them is enough; ' +
        'shows: of the dashboard',
    ),
})

/** What `GET /graph.json` tells, in the words of `graph --format json`. */
export const graphSchema = z
  .strictObject({
    nodes: z.array(nodeSchema).describe('Each once, sorted by id'),
    edges: z.array(edgeSchema).describe('Each once, sorted by both ends and type'),
  })
  .describe('Who needs whom, of what the caller may see')

export type GraphAnswer = z.infer<typeof graphSchema>
