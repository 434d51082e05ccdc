import { parseJson } from '../../lib/json/parse-json.ts'
import { createPositionIndex } from '../../lib/json/text-position.ts'
import type { WholeAnswer } from '../../platform/http-answer.ts'
import { decodeText } from '../../registry/load/decode-text.ts'
import { toProblem } from '../problem.ts'

/** The value of a body, or what is wrong with it. */
export type ParsedBody = { readonly value: unknown } | { readonly refusal: WholeAnswer }

const mostTold = 20

/** Reads a body as JSON, by the same rules as registry files. */
export function parseBody(bytes: Uint8Array): ParsedBody {
  if (bytes.length === 0) return refuseBody('the body is empty', 'Send JSON')
  const { text, fault } = decodeText(bytes)
  if (fault) return refuseBody('the body is not UTF-8', 'Send JSON as UTF-8')
  const { value, faults } = parseJson(text)
  const [first] = faults
  if (first === undefined) return { value }
  const positionOf = createPositionIndex(text)
  const told = faults.slice(0, mostTold).map(({ rule, message, hint, pointer, start }) => {
    const { line, column } = positionOf(start)
    return { rule, message: toBodyWords(message), line, column, pointer, hint }
  })
  const { line, column } = positionOf(first.start)
  const hint = first.hint ?? 'Send JSON as RFC 8259 has it'
  return refuseBody(`the body, line ${line}, column ${column}: ${toBodyWords(first.message)}`, hint, told)
}

function refuseBody(detail: string, hint: string, faults: readonly unknown[] = []): ParsedBody {
  return { refusal: toProblem(400, detail, { hint, more: faults.length === 0 ? {} : { faults } }) }
}

// The parser speaks of files.
function toBodyWords(message: string): string {
  return message.replace(/\bthe file\b/g, 'the body')
}
