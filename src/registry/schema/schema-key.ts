import * as z from 'zod'

/** The key that points editors to a schema, at the top of any registry. */
export const schemaKeySchema = z.object({ $schema: z.string() })
