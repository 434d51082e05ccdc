import { readFileSync } from 'node:fs'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import { withoutExtensions } from '../../src/registry/schema/extensions.ts'
import { type RegistryName, registryFiles } from '../../src/registry/schema/names.ts'
import { registrySchemas } from '../../src/registry/schema/registries.ts'

export function readJson(pathFromRoot: string): JsonObject {
  return asObject(JSON.parse(readFileSync(new URL(`../../${pathFromRoot}`, import.meta.url), 'utf8')))
}

export type JsonObject = Record<string, unknown>

export function asObject(value: unknown): JsonObject {
  if (isObject(value)) return value
  throw new Error(`not an object: ${JSON.stringify(value)}`)
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function schemaFile(name: RegistryName): string {
  return registryFiles[name].replace('.json', '.schema.json')
}

/** What Zod says against a registry document: a line per issue, none when it is sound. */
export function zodFaults(name: RegistryName, document: unknown): string[] {
  const isFlatMap = name !== 'hyper' && name !== 'dashboard'
  const result = registrySchemas[name].safeParse(withoutExtensions(document, { isFlatMap }))
  return (result.error?.issues ?? []).map(issue => `${issue.path.join('/')}: ${issue.message}`)
}

/** What the committed JSON Schema says against a registry document. */
export function jsonSchemaFaults(name: RegistryName, document: unknown): string[] {
  const validate = compiled(name)
  validate(document)
  return (validate.errors ?? []).map(error => `${error.instancePath}: ${error.message}`)
}

const validators = new Map<RegistryName, ValidateFunction>()

function compiled(name: RegistryName): ValidateFunction {
  const known = validators.get(name)
  if (known !== undefined) return known
  // Patterns beside each format say the same, so the formats themselves need no library.
  const ajv = new Ajv2020({
    strict: true,
    strictRequired: false,
    allErrors: true,
    allowUnionTypes: true,
    formats: { date: true, 'date-time': true },
  })
  const validate = ajv.compile(readJson(`schemas/${schemaFile(name)}`))
  validators.set(name, validate)
  return validate
}

/** The object with another value at a path; undefined takes it away. */
export function withValue(object: JsonObject, path: readonly string[], value: unknown): JsonObject {
  const [key = '', ...rest] = path
  if (rest.length > 0) return { ...object, [key]: withValue(asObject(object[key]), rest, value) }
  const { [key]: _, ...others } = object
  return value === undefined ? others : { ...others, [key]: value }
}
