import { describe, expect, test } from 'vitest'
import { toJsonSchemas } from '../../scripts/json-schemas.ts'
import { registryFiles, registryNames } from '../../src/registry/schema/names.ts'
import { asObject, jsonSchemaFaults, readJson, schemaFile, zodFaults } from './support.ts'

const generated = toJsonSchemas()

describe('the committed JSON Schemas', () => {
  test.each(registryNames)('%s is what the generator writes', name => {
    expect(readJson(`schemas/${schemaFile(name)}`)).toEqual(
      JSON.parse(JSON.stringify(generated[schemaFile(name)])),
    )
  })

  test.each(registryNames)('%s explains every key', name => {
    expect(undescribed(readJson(`schemas/${schemaFile(name)}`), '')).toEqual([])
  })

  test.each(registryNames)('%s is draft 2020-12 and claims no address of its own', name => {
    const schema = readJson(`schemas/${schemaFile(name)}`)
    expect(schema).toMatchObject({ $schema: 'https://json-schema.org/draft/2020-12/schema' })
    expect(schema).not.toHaveProperty('$id')
  })

  test.each(registryNames)(
    '%s accepts the shipped file, a link to its schema and x- keys, as Zod does',
    name => {
      const shipped = readJson(`registries/${registryFiles[name]}`)
      const isFlatMap = name !== 'hyper' && name !== 'dashboard'
      const annotated = isFlatMap
        ? mapValues(shipped, entry => ({ ...asObject(entry), 'x-note': { any: ['thing'] } }))
        : { ...shipped, 'x-note': 1 }
      const document = { $schema: '../schemas/any.schema.json', ...annotated }
      expect(zodFaults(name, document)).toEqual([])
      expect(jsonSchemaFaults(name, document)).toEqual([])
    },
  )
})

function mapValues(object: object, change: (value: unknown) => unknown): object {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]))
}

/** Pointers of properties without a description. */
function undescribed(schema: unknown, pointer: string): string[] {
  if (Array.isArray(schema)) return schema.flatMap((item, index) => undescribed(item, `${pointer}/${index}`))
  if (typeof schema !== 'object' || schema === null) return []
  return Object.entries(schema).flatMap(([key, value]) => {
    // A condition names properties that are described where they stand.
    if (key === 'if' || key === 'then' || key === 'examples') return []
    const missing = key === 'properties' ? withoutDescription(value).map(name => `${pointer}/${name}`) : []
    return [...missing, ...undescribed(value, `${pointer}/${key}`)]
  })
}

function withoutDescription(properties: unknown): string[] {
  return Object.entries(asObject(properties))
    .filter(([, property]) => !asObject(property).description)
    .map(([name]) => name)
}
