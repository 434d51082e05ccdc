import * as z from 'zod'
import { isExtension } from './extensions.ts'
import type { SubRegistryName } from './names.ts'
import { registrySchemas } from './registries.ts'

/** Place of a key among the keys of an entry: a lower one comes first. */
export type KeyRank = (key: string) => number

/**
 * The order in which the keys of an entry stand in its file: that of the schema, then keys that the schema does not
 * know, then `x-` keys. `validate --fix` and everything that writes entries keep to it.
 */
export function createKeyRank(name: SubRegistryName): KeyRank {
  const known = new Map(knownKeysAt(registrySchemas[name], ['entry']).map((key, index) => [key, index]))
  return key => (isExtension(key) ? known.size + 1 : (known.get(key) ?? known.size))
}

type Path = readonly PropertyKey[]

/** Keys that an object at this place of a document may have; empty where any are allowed or there is no object. */
export function knownKeysAt(schema: z.core.$ZodType, path: Path): string[] {
  return schemasAt([schema], path).flatMap(found =>
    found instanceof z.ZodObject ? Object.keys(found.shape) : [],
  )
}

/** What a value at one place of a document may be. */
export type ValueKind =
  | { readonly kind: 'number' | 'boolean' | 'date' | 'text' | 'object' }
  | { readonly kind: 'words'; readonly words: readonly string[] }

/** What a value at this place of a document may be, items of a list instead of the list; empty where it is not known. */
export function valueKindsAt(schema: z.core.$ZodType, path: Path): ValueKind[] {
  return schemasAt([schema], path).flatMap(toValueKinds)
}

function toValueKinds(schema: z.core.$ZodType): ValueKind[] {
  if (schema instanceof z.ZodArray) return unwrap(schema.element).flatMap(toValueKinds)
  if (schema instanceof z.ZodEnum) return [{ kind: 'words', words: schema.options.map(String) }]
  if (schema instanceof z.ZodLiteral) return [{ kind: 'words', words: [...schema.values].map(String) }]
  if (schema instanceof z.ZodNumber) return [{ kind: 'number' }]
  if (schema instanceof z.ZodBoolean) return [{ kind: 'boolean' }]
  if (schema instanceof z.ZodISODate || schema instanceof z.ZodISODateTime) return [{ kind: 'date' }]
  if (schema instanceof z.ZodObject || schema instanceof z.ZodRecord) return [{ kind: 'object' }]
  return schema instanceof z.ZodString ? [{ kind: 'text' }] : []
}

function schemasAt(schemas: readonly z.core.$ZodType[], path: Path): z.core.$ZodType[] {
  const open = schemas.flatMap(unwrap)
  const [part, ...rest] = path
  if (part === undefined) return open
  return schemasAt(
    open.flatMap(schema => childrenOf(schema, part)),
    rest,
  )
}

function unwrap(schema: z.core.$ZodType): z.core.$ZodType[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) return unwrap(schema.unwrap())
  if (schema instanceof z.ZodUnion) return schema.options.flatMap(unwrap)
  return [schema]
}

function childrenOf(schema: z.core.$ZodType, key: PropertyKey): z.core.$ZodType[] {
  if (schema instanceof z.ZodArray) return [schema.element]
  if (schema instanceof z.ZodRecord) return [schema.valueType]
  if (!(schema instanceof z.ZodObject)) return []
  const shape: Record<string, z.core.$ZodType> = schema.shape
  const child = shape[String(key)]
  return child ? [child] : []
}
