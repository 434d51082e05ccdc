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
          'public_read: everybody may read; auth_read: whoever has a token may read; admin_only: nobody but admin',
        ),
      z
        .strictObject({
          read: z
            .enum(readRoles)
            .describe('Who may read: public (everybody), auth (whoever has a token), admin'),
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
