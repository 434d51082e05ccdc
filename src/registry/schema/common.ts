import * as z from 'zod'

// The message of a custom error is what was expected: it is shown after the word "expected".

/** Ids of entries: letters, digits and `. _ : / @ + -`; they start with a letter or a digit. */
export const idSchema = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,127}$/, 'an id like docker or gpt-4o')

/**
 * Names of exported variables. No names outside `NEXUS_*`, so that no registry can set `PATH`; nothing in
 * `NEXUS_REGISTRY_*`, which is where this program takes its own settings from, like the interpreter to start.
 */
export const exportNameSchema = z
  .string()
  .regex(/^NEXUS_(?!REGISTRY_)[A-Z0-9_]+$/, 'a name like NEXUS_HAS_DOCKER')
  .max(128, 'a name of at most 128 characters')

/** Names of variables that are only read. */
export const environmentNameSchema = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'a variable name like OPENAI_API_KEY')
  .max(128, 'a name of at most 128 characters')

/** A text that says something. */
export const textSchema = z.string().min(1, 'a text that is not empty')

/** A word of a vocabulary that the hyper registry lists. The rule `unlisted-value` compares the two. */
export const wordSchema = textSchema.max(64, 'a word of at most 64 characters')

/** A calendar day, `2026-07-02`. */
export const daySchema = z.iso.date('a day like 2026-07-02')

/** A time in UTC or with an offset, ISO 8601. */
export const timeSchema = z.iso.datetime({ offset: true, error: 'a time like 2026-11-23T08:42:55.000Z' })

/** A version number as semver reads it, `1.0.0`. */
export const versionSchema = z
  .string()
  .regex(/^\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?$/, 'a version like 1.0.0')

/** A semver range, `>=1.0.0`. Its meaning is checked by the rule `version-incompatible`. */
export const versionRangeSchema = z.string().min(1, 'a version range like >=1.0.0')

const addressExample = 'an address like https://api.example.com/v1'

/** An absolute http or https address without user info. */
export const webAddressSchema = z
  .string()
  .regex(/^https?:\/\/[^\s/?#@\\]+(?:[/?#]\S*)?$/, { error: addressExample, abort: true })
  .refine(text => URL.canParse(text), addressExample)

/** A path on a server, `/v1/health`. */
export const urlPathSchema = z.string().regex(/^\/\S*$/, 'a path like /v1/health')

/**
 * What an entry needs: an id, and the versions that will do where that matters. A range begins with a character that no
 * id has.
 */
export const requirementSchema = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,127}(?:@[<>=^~*][ -~]{0,126})?$/,
    'an id like aefa, or one with a version range like aefa@^1.2.0',
  )

/** A name for what an entry offers or needs, `container_runtime`. */
export const capabilitySchema = idSchema

const source = {
  url: webAddressSchema.describe('Where the figures were read'),
  retrieved_on: daySchema.describe('Day on which they were read, like 2026-07-02'),
}

const fieldSourceSchema = z.strictObject({
  ...source,
  value: z
    .unknown()
    .describe('What an import wrote into the field: where the field has another value, somebody edited it')
    .optional(),
})

const sourceSchema = z
  .strictObject({
    ...source,
    fields: z
      .record(textSchema, fieldSourceSchema)
      .describe('Fields that come from elsewhere, or from an import, by their name')
      .optional(),
  })
  .describe('Where the figures of this entry come from, and from which day they are')

/** What `x-upstream` says of an entry that came in by a write over HTTP. */
export const writtenMark = 'http-api'

/** Fields that every entry of every registry may have. */
export const entryShape = {
  display_name: textSchema
    .max(128, 'a text of at most 128 characters')
    .describe('Name shown to people')
    .optional(),
  description: z
    .string()
    .max(2000, 'a text of at most 2000 characters')
    .describe('What it is, in a sentence')
    .optional(),
  aliases: z.array(idSchema).describe('Other names that mean this entry').optional(),
  tags: z.array(textSchema).describe('Free labels to search by').optional(),
  'x-source': sourceSchema.optional(),
  'x-assumed': z
    .array(textSchema)
    .describe('Names of its fields whose values nobody has confirmed: change them where yours differ')
    .optional(),
  'x-local': z
    .boolean()
    .describe('Whether the entry is of this home alone: a sync with the upstream of its registry leaves it')
    .optional(),
  'x-upstream': z
    .union([webAddressSchema, z.enum([writtenMark])], { error: `${addressExample}, or ${writtenMark}` })
    .describe(
      `Upstream that the entry came from, or ${writtenMark} when it was written over HTTP. ` +
        'Written by sync and serve; what it came with is never executed',
    )
    .optional(),
}

/** Has a refinement of an object run where something else is wrong in it too, so that all is found at once. */
export function isAboutObject({ value }: { readonly value: unknown }): boolean {
  return typeof value === 'object' && value !== null
}

/** The key that points editors to a schema, at the top of any registry. */
export const schemaKeySchema = z.object({ $schema: z.string() })
