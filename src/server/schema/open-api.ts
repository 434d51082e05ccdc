import * as z from 'zod'

/** What `GET /openapi.json` tells. The specification has a schema of all of it. */
export const openApiSchema = z
  .looseObject({
    openapi: z.string().describe('Version of OpenAPI'),
    info: z.looseObject({}).describe('What it is about'),
    paths: z.record(z.string(), z.looseObject({})).describe('What there is, by path'),
    components: z.looseObject({}).describe('Schemas, and how to sign in'),
  })
  .describe('An OpenAPI 3.1 document')
