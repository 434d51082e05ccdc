import { describe, expect, test } from 'vitest'
import { brokenExamples, type Row } from './broken-examples.ts'
import { jsonSchemaFaults, readJson, withValue, zodFaults } from './support.ts'

describe('Zod and JSON Schema both refuse', () => {
  test.each(brokenExamples)('%s with %s', (name, _what, path, value, fault) => {
    const broken = withValue(readJson(`test/registry/examples/${name}.json`), path.split('/'), value)
    expect(zodFaults(name, broken)).toEqual([fault])
    expect(jsonSchemaFaults(name, broken)).not.toEqual([])
  })
})

// JSON Schema cannot say this; only Zod can.
describe('Zod refuses', () => {
  test.each<Row>([
    [
      'tools',
      'a pattern that does not compile',
      'docker/version_pattern',
      '(',
      'docker/version_pattern: a regular expression like ^tool (\\S+)',
    ],
    [
      'providers',
      'an address with an impossible port',
      'openai/endpoint',
      'https://example.com:99999/',
      'openai/endpoint: an address like https://api.example.com/v1',
    ],
  ])('%s with %s', (name, _what, path, value, fault) => {
    const broken = withValue(readJson(`test/registry/examples/${name}.json`), path.split('/'), value)
    expect(zodFaults(name, broken)).toEqual([fault])
  })
})
