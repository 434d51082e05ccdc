import * as z from 'zod'
import { roles } from './roles.ts'

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
