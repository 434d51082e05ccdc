import type { PreparedBody } from './prepared-body.ts'

/** What the server says of itself, made when it is first asked for. */
export interface ApiDescription {
  /** The OpenAPI document. */
  readonly document: () => Promise<PreparedBody>
  /** The page that shows it, with examples for a server of this name, a `Host` header. */
  readonly page: (host: string) => Promise<PreparedBody>
  /** Stylesheet of that page. */
  readonly stylesheet: () => Promise<PreparedBody>
}
