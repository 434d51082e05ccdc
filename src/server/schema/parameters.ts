import * as z from 'zod'
import { idSchema } from '../../registry/schema/common.ts'
import { registryFiles, registryNames } from '../../registry/schema/names.ts'

/** A registry in a path. The server reads the stem of the file, `tool_registry`, as well. */
export const registryParameterSchema = z
  .enum([...registryNames, ...Object.values(registryFiles)])
  .describe('A registry, by its name or its file')

/** An entry in a path. */
export const idParameterSchema = idSchema.describe(
  'Id of an entry; what is not a letter or digit may be escaped',
)

/** What a filter is applied to. */
export const queryParameterSchema = z
  .enum(['all', ...registryNames, ...Object.values(registryFiles)])
  .describe('A registry, by its name or its file, or all of them')

/** A filter in the language of jq. */
export const filterParameterSchema = z.string().max(4096).describe('A filter in the language of jq')

/** Whatever a filter may make. */
export const anyValueSchema = z.unknown().describe('Any JSON')

/** A text that has no schema of its own: a filter, a tag, a document that is not JSON. */
export const plainTextSchema = z.string().describe('A text')
