/** Strong tag of what has this SHA-256. */
export function toEntityTag(sha256: string): string {
  return `"${sha256.slice(0, 32)}"`
}

/** Whether a client that sent `If-None-Match` has what has this tag. */
export function isKnownTag(known: string, etag: string): boolean {
  return known === etag || listTags(known).some(tag => tag === '*' || withoutWeakness(tag) === etag)
}

/**
 * Whether what is here is what a client that sent `If-Match` has seen. Packed forms have tags of their own, and are the
 * same thing. Weak tags never match (RFC 9110, 13.1.1).
 */
export function isExpectedTag(expected: string, etag: string): boolean {
  return listTags(expected).some(tag => tag === '*' || tag.replace(/-(?:br|gzip)"$/, '"') === etag)
}

function listTags(header: string): string[] {
  return header.split(',').map(tag => tag.trim())
}

function withoutWeakness(tag: string): string {
  return tag.startsWith('W/') ? tag.slice(2) : tag
}
