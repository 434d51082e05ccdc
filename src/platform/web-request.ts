export interface WebRequest {
  /** Address of http or https. */
  readonly url: string
  readonly reach: Reach
  /** GET unless said otherwise. */
  readonly method?: 'GET' | 'POST'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** Deadline of the whole answer, in milliseconds. */
  readonly timeoutMs: number
  /** Most bytes read of the answer, decompressed. */
  readonly maxBytes: number
  /** Whether the body of the answer is wanted; without it, one that is too long is cut short. */
  readonly isBodyKept: boolean
  readonly signal?: AbortSignal
}

/**
 * Which addresses may be asked: this machine alone; those alone that are listed, as addresses, ranges like `10.0.0.0/8`,
 * or `localhost`; or the internet, and of this machine and the networks near it those that are listed.
 */
export type Reach =
  | { readonly kind: 'loopback' }
  | { readonly kind: 'listed'; readonly addresses: readonly string[] }
  | { readonly kind: 'public'; readonly alsoPrivate: readonly string[] }

/**
 * How a request was answered. `out-of-reach`: its name leads where it may not, and nothing was sent. `refused`: nothing
 * listens there. `failed`: it broke off, or speaks something else.
 */
export type WebAnswer =
  | {
      readonly outcome: 'answered'
      readonly status: number
      /** By name in lower case. */
      readonly headers: Readonly<Record<string, string>>
      /** Empty when it is not kept. */
      readonly body: Uint8Array
    }
  | { readonly outcome: 'refused' | 'timed-out' | 'out-of-reach' | 'too-large' }
  | {
      readonly outcome: 'failed'
      readonly reason: string
      /** The system here had no descriptor or memory left: that proves nothing about the other side. */
      readonly isOurs?: true
    }
