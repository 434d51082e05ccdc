import { parsePlainJson } from '../../../lib/json/parse-plain-json.ts'
import { valueAtPointer } from '../../../lib/json/value-at-pointer.ts'
import { limits } from '../../../lib/limits.ts'
import { toCleanText } from '../../../lib/text/text.ts'
import type { WebAnswer } from '../../../platform/web-request.ts'
import type { InUnit } from './to-unit.ts'

/** The number that an answer holds at a place, or why there is none. Nothing else is taken for a number. */
export function readNumber(
  answer: WebAnswer,
  { address, pointer }: { readonly address: string; readonly pointer: string },
): InUnit {
  if (answer.outcome !== 'answered') return nothing(`${address} ${explainSilence(answer)}`)
  if (answer.status !== 200) return nothing(`${address} answers with ${answer.status}`)
  const parsed = parsePlainJson(new TextDecoder().decode(answer.body))
  if (parsed === undefined) return nothing(`${address} answers with something that is not sound JSON`)
  const value = valueAtPointer(parsed.value, pointer)
  if (typeof value === 'number') return { value }
  return nothing(`${address} has ${describe(value)} at ${pointer || 'its root'}, where a number is expected`)
}

function nothing(reason: string): InUnit {
  return { value: null, reason }
}

function explainSilence(answer: Exclude<WebAnswer, { outcome: 'answered' }>): string {
  switch (answer.outcome) {
    case 'refused':
      return 'does not answer: nothing listens there'
    case 'failed':
      return `does not answer: ${toCleanText(answer.reason)}`
    case 'too-large':
      return `answers with more than ${limits.healthBytes / 1024} KiB`
    case 'timed-out':
      return `did not answer within ${limits.healthTimeoutMs / 1000} s`
    case 'out-of-reach':
      return 'is not on this machine, and only this machine is asked'
  }
}

function describe(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (value === null) return 'null'
  if (typeof value === 'string') return 'a text'
  if (typeof value === 'boolean') return `${value}`
  return Array.isArray(value) ? 'a list' : 'an object'
}
