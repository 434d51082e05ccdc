import * as z from 'zod'
import { idSchema } from '../common.ts'
import { registryFiles, registryNames } from '../names.ts'

/** A registry in a path. The server reads the stem of the file, `tool_registry`, as well. */
export const registryParameterSchema = z
  .enum([...registryNames, ...Object.values(registryFiles)])
  .describe('A registry, by its name or its file')

/** An entry in a path. */
export const idParameterSchema = idSchema.describe(
  'Id of an entry; what is not a letter or digit may be escaped',
)

/** A text that has no schema of its own: a filter, a tag, a document that is not JSON. */
export const plainTextSchema = z.string().describe('A text')
