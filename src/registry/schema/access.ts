import * as z from 'zod'
import { idSchema } from './common.ts'
import { readRoles, roles } from './roles.ts'

export type ReadRole = (typeof readRoles)[number]
export type Role = (typeof roles)[number]

const accessSchema = z
  .union(
    [
      z
        .enum(['public_read', 'auth_read', 'admin_only'])
        .describe(
          'public_read: everyone may read; auth_read: a token of any role may read; admin_only: only admin may read',
        ),
      z
        .strictObject({
          read: z
            .enum(readRoles)
            .describe('Who may read: public (everyone), auth (a token of any role), admin'),
          write: z.enum(roles).describe('Role that may write'),
          admin: z.enum(['admin']).describe('Role that may do everything'),
        })
        .describe('Who may read, write and administrate'),
    ],
    { error: 'public_read, auth_read, admin_only, or an object with read, write and admin' },
  )
  .describe('Who may read and write this registry')

/** Access by registry, `dashboard_registry`; the specification's section 6. */
export const accessControlSchema = z
  .record(idSchema, accessSchema)
  .describe('Who may read and write which registry, by the stem of its file, like tool_registry')

/** Longest note of a token, in characters. */
export const longestNote = 200

/** Most tokens of a home. */
export const mostTokens = 1000

const accessTokenSchema = z.strictObject({
  id: z.string().regex(/^[0-9a-f]{8}$/),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  role: z.enum(roles),
  created_at: z.iso.datetime(),
  expires_at: z.iso.datetime().nullable(),
  note: z.string().max(longestNote).nullable(),
})

/** The access tokens of a home, as they are kept: of the tokens themselves only their hashes. */
export const accessTokensSchema = z.strictObject({ tokens: z.array(accessTokenSchema).max(mostTokens) })

/** What is kept of a token. */
export type AccessToken = z.infer<typeof accessTokenSchema>
