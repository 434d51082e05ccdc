import type { Role } from '../registry/schema/access.ts'

/** Who asks: nobody knows, or whoever has a token. */
export type Caller =
  | { readonly kind: 'anonymous' }
  | {
      readonly kind: 'token'
      /** Public id of the token. */
      readonly tokenId: string
      readonly role: Role
    }
