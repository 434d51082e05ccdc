import { describe, expect, test } from 'vitest'
import { registryNames } from '../../src/registry/schema/names.ts'
import { jsonSchemaFaults, readJson, zodFaults } from './support.ts'

// Sections 1 and 2 of the specification show each registry; sections 4, 5 and 6 a part of the hyper registry.
const hyperParts = [
  ['section 4', 'dependency_graph', 'dependency-graph.json'],
  ['section 5', 'version_compatibility', 'version-compatibility.json'],
  ['section 6', 'access_control', 'access-control.json'],
] as const

describe('the examples of the specification are valid as they stand', () => {
  test.each(registryNames)('the example of %s', name => {
    const example = readJson(`test/registry/examples/${name}.json`)
    expect(zodFaults(name, example)).toEqual([])
    expect(jsonSchemaFaults(name, example)).toEqual([])
  })

  test.each(hyperParts)('the example of %s, as %s of the hyper registry', (_section, key, file) => {
    const part = readJson(`test/registry/examples/${file}`)
    const hyper = { ...readJson('test/registry/examples/hyper.json'), [key]: part }
    expect(zodFaults('hyper', hyper)).toEqual([])
    expect(jsonSchemaFaults('hyper', hyper)).toEqual([])
  })
})
