import * as z from 'zod'
import { registryNames } from '../../registry/schema/names.ts'

const linkSchema = z.strictObject({ href: z.string().describe('Path on this server') })

/** What `GET /` tells programs. */
export const linksSchema = z
  .strictObject({
    name: z.string().describe('Name of the program'),
    version: z.string().describe('Its version'),
    _links: z
      .strictObject({
        self: linkSchema.describe('This answer'),
        health: linkSchema.describe('Whether all is well'),
        registries: z
          .array(linkSchema.extend({ name: z.enum(registryNames).describe('Name of the registry') }))
          .describe('The registries that the caller may read'),
        docs: linkSchema.describe('What the server answers, for people'),
        openapi: linkSchema.describe('What the server answers, for programs'),
      })
      .describe('Where to go on'),
  })
  .describe('Where to go on from here')

export type Links = Readonly<z.infer<typeof linksSchema>>
