import { describe, expect, expectTypeOf, test } from 'vitest'
import type * as z from 'zod'
import type { GraphEdge, GraphNode } from '../../src/graph/graph.ts'
import type { ExplanationDocument } from '../../src/readiness/explanation-schema.ts'
import type { Explanation } from '../../src/readiness/readiness.ts'
import { apiSchemas } from '../../src/server/api-schemas.ts'
import type { RegistryHealth } from '../../src/sync/health-schema.ts'
import type { RegistrySyncStatus } from '../../src/sync/status.ts'

type GraphDocument = z.infer<typeof apiSchemas.Graph>

type Frozen<Value> = Value extends object ? { readonly [Key in keyof Value]: Frozen<Value[Key]> } : Value

describe('schemas of responses have the types that modules work with', () => {
  test('freshness', () => {
    expectTypeOf<RegistryHealth['status']>().toEqualTypeOf<RegistrySyncStatus['freshness']>()
    expectTypeOf<RegistryHealth['source']>().toEqualTypeOf<RegistrySyncStatus['source']>()
  })

  test('explanations', () => {
    expectTypeOf<Frozen<ExplanationDocument>>().toEqualTypeOf<Frozen<Explanation>>()
  })

  test('graphs', () => {
    expectTypeOf<Frozen<GraphDocument['nodes'][number]>>().toEqualTypeOf<Omit<GraphNode, 'description'>>()
    expectTypeOf<Frozen<GraphDocument['edges'][number]>>().toEqualTypeOf<GraphEdge>()
  })
})

test.each(Object.entries(apiSchemas))('%s says what it is', (_, schema) => {
  expect(schema.description).toMatch(/^[A-Z].*[^.]$/)
})
