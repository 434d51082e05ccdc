import type { HttpAnswer, HttpHeaders } from '../platform/http-answer.ts'

/** What every answer says to browsers: believe the type, run nothing, show it in no frame, tell nobody. */
export const securityHeaders: HttpHeaders = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
}

export function withSecurity(answer: HttpAnswer): HttpAnswer {
  if ('isFinal' in answer) return answer
  return { ...answer, headers: { ...securityHeaders, ...answer.headers } }
}
