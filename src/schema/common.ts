import * as z from 'zod'

/** Ids of entries: letters, digits and `. _ : / @ + -`; they start with a letter or a digit. */
export const idSchema = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,127}$/, 'an id like docker or gpt-4o')

/** Names of exported variables. Nothing outside `NEXUS_*`, so that no registry can set `PATH`. */
export const exportNameSchema = z
  .string()
  .regex(/^NEXUS_[A-Z0-9_]+$/, 'a name like NEXUS_HAS_DOCKER')
  .max(128)

/** Names of variables that are only read. */
export const environmentNameSchema = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'a variable name like OPENAI_API_KEY')

/** A calendar day, `2026-07-02`. */
export const daySchema = z.iso.date('a day like 2026-07-02')

/** A moment in UTC or with an offset, ISO 8601. */
export const momentSchema = z.iso.datetime({ offset: true, error: 'a moment like 2026-11-23T08:42:55.000Z' })

/** A version number as semver reads it, `1.0.0`. */
export const versionSchema = z
  .string()
  .regex(/^\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?$/, 'a version like 1.0.0')

/** A semver range, `>=1.0.0`. Its meaning is checked by the rule `version-incompatible`. */
export const versionRangeSchema = z.string().min(1, 'a version range like >=1.0.0')

/** An absolute http or https address without user info. */
export const webAddressSchema = z.url({
  protocol: /^https?$/,
  error: 'an address like https://api.example.com/v1',
})

/** A path on a server, `/v1/health`. */
export const urlPathSchema = z.string().regex(/^\/\S*$/, 'a path like /v1/health')

/** A name for what an entry offers or needs, `container_runtime`. */
export const capabilitySchema = idSchema

const sourceSchema = z
  .strictObject({
    url: z.string().describe('Where the figures were read'),
    retrieved_on: daySchema.describe('When they were read'),
  })
  .describe('Where imported figures come from')

/** Fields that every entry of every registry may have. */
export const entryShape = {
  display_name: z.string().min(1).max(128).describe('Name shown to people').optional(),
  description: z.string().max(2000).describe('What it is, in a sentence').optional(),
  tags: z.array(z.string().min(1)).describe('Free labels to search by').optional(),
  'x-source': sourceSchema.optional(),
}

/** Package managers that an `install` hint may name. */
export const packageManagers = ['apt', 'brew', 'dnf', 'pacman', 'pip', 'npm', 'winget'] as const

const installSchema = z
  .partialRecord(z.enum(packageManagers), z.string().min(1))
  .describe('Package name per package manager, for hints on how to install it')

/** Fields shared by whatever is detected on the machine: tools and ML frameworks. */
export const detectableShape = {
  detection: z
    .string()
    .min(1)
    .describe(
      "How it is found: `which NAME`, `python -c 'import MODULE'`, or a command whose exit code 0 means present",
    )
    .meta({ examples: ['which docker', "python -c 'import torch'"] }),
  env_var: exportNameSchema.describe('Variable that is exported as 1 or 0'),
  version_check: z
    .string()
    .min(1)
    .describe('Command that prints the version; run only when present')
    .optional(),
  version_pattern: z
    .string()
    .max(512)
    .describe('Regular expression whose first group is the version in the output of version_check')
    .optional(),
  min_version: z.string().min(1).describe('Lowest version that is good enough').optional(),
  provides: z.array(capabilitySchema).describe('Capabilities that others may depend on').optional(),
  install: installSchema.optional(),
  timeout_ms: z
    .int()
    .min(1)
    .max(600_000)
    .describe('Deadline of each of its commands, in milliseconds (default 5000)')
    .optional(),
}
