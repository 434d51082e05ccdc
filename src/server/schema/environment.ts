import * as z from 'zod'
import { exportNameSchema } from '../../registry/schema/common.ts'

/** What `GET /env.json` tells, in the words of `env --shell json`. */
export const environmentSchema = z
  .record(exportNameSchema, z.string().nullable())
  .describe('Variables and their values; null for a variable to unset')
