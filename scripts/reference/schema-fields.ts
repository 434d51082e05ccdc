import { isJsonSchema, type JsonSchema } from '../../src/registry/schema/registries.ts'
import { renderTable, toCode, toProse } from './markdown.ts'

interface Field {
  readonly path: string
  readonly type: string
  readonly isRequired: boolean
  readonly description: string
}

/** Table of every field of an object, those of nested objects by their path: `detected.status`. */
export function renderFields(schema: JsonSchema): string {
  return renderTable(
    ['field', 'type', 'required', 'meaning'],
    listFields(schema, '').map(({ path, type, isRequired, description }) => [
      toCode(path),
      type,
      isRequired ? 'yes' : '',
      toProse(description),
    ]),
  )
}

/** Says in a few words what a schema accepts. `toLink` renders the schemas that it names. */
export function describeType(schema: JsonSchema, toLink: (name: string) => string = toCode): string {
  const { $ref, anyOf, oneOf, type, const: only } = schema
  if (typeof $ref === 'string') return toLink($ref.split('/').at(-1) ?? '')
  if (Array.isArray(schema.enum)) return schema.enum.map(toValue).join(', ')
  if (only !== undefined) return toValue(only)
  const options: unknown = anyOf ?? oneOf
  if (Array.isArray(options)) {
    return [...new Set(options.filter(isJsonSchema).map(option => describeType(option, toLink)))].join(' or ')
  }
  if (type === 'array')
    return `list of ${isJsonSchema(schema.items) ? describeType(schema.items, toLink) : 'anything'}`
  if (type === 'object') return describeObject(schema, toLink)
  if (Array.isArray(type))
    return type.map(each => describeType({ ...schema, type: each }, toLink)).join(' or ')
  return typeof type === 'string' ? describeScalar(type, schema) : 'anything'
}

function describeObject(
  { properties, additionalProperties }: JsonSchema,
  toLink: (name: string) => string,
): string {
  if (isJsonSchema(additionalProperties) && Object.keys(additionalProperties).length > 0)
    return `map of ${describeType(additionalProperties, toLink)}`
  return isJsonSchema(properties) ? 'object' : 'map of anything'
}

// The description says in words what a pattern demands.
function describeScalar(type: string, { format, minimum, maximum, maxLength }: JsonSchema): string {
  if (format === 'date') return 'date'
  if (format === 'date-time') return 'timestamp'
  if (minimum !== undefined && maximum !== undefined) return `${type} from ${minimum} to ${maximum}`
  if (minimum !== undefined) return `${type}, at least ${minimum}`
  if (maximum !== undefined) return `${type}, at most ${maximum}`
  return maxLength === undefined ? type : `${type} of at most ${maxLength} characters`
}

function toValue(value: unknown): string {
  return toCode(typeof value === 'string' ? value : JSON.stringify(value))
}

/** Every field below a schema. A list or map of objects adds `[]` or `.<id>` to the path. */
export function listFields(schema: JsonSchema, prefix: string): Field[] {
  const properties = isJsonSchema(schema.properties) ? schema.properties : {}
  const required: unknown[] = Array.isArray(schema.required) ? schema.required : []
  const own = Object.entries(properties).filter(([name]) => prefix !== '' || name !== '$schema')
  const alike = findAlike(own)
  const fields = own.flatMap(([name, value]) => {
    if (!isJsonSchema(value)) return []
    const path = `${prefix}${name}`
    const field = {
      path,
      type: describeType(value),
      isRequired: required.includes(name),
      description: typeof value.description === 'string' ? value.description : '',
    }
    return [field, ...(alike ? [] : listInner(value, path))]
  })
  return [...fields, ...(alike ? listInner(alike, `${prefix}<name>`) : [])]
}

function listInner(schema: JsonSchema, path: string): Field[] {
  const { properties, items, additionalProperties, anyOf } = schema
  if (isJsonSchema(properties)) return listFields(schema, `${path}.`)
  if (isJsonSchema(items)) return listInner(items, `${path}[]`)
  if (isJsonSchema(additionalProperties)) return listInner(additionalProperties, `${path}.<id>`)
  return Array.isArray(anyOf) ? anyOf.filter(isJsonSchema).flatMap(option => listInner(option, path)) : []
}

// The seven registries of the hyper registry have the same fields: they are listed once.
function findAlike(properties: readonly (readonly [string, unknown])[]): JsonSchema | undefined {
  const objects = properties
    .map(([, value]) => value)
    .filter(isJsonSchema)
    .filter(({ type }) => type === 'object')
  const [first] = objects
  if (first === undefined || objects.length < 3 || objects.length !== properties.length) return undefined
  return new Set(objects.map(({ description: _, ...rest }) => JSON.stringify(rest))).size === 1
    ? first
    : undefined
}
