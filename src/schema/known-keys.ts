import * as z from 'zod'

type Path = readonly PropertyKey[]

/** Keys that an object at this place of a document may have; empty where any are allowed or there is no object. */
export function knownKeysAt(schema: z.core.$ZodType, path: Path): string[] {
  return schemasAt([schema], path).flatMap(found =>
    found instanceof z.ZodObject ? Object.keys(found.shape) : [],
  )
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
