/** A list or an object begins here, and not a word in brackets as in `[WARN]`. */
const opening = /\{\s*["}]|\[\s*[[{"\]\d-]/g

/** Most characters that are walked in vain, from beginnings that turn out to be none: a few times the text. */
const toBudget = (text: string) => Math.max(4 * text.length, 256 * 1024)

/**
 * The JSON lists and objects in the output of a tool, in their order. Warnings may stand before, between and behind
 * them. A document that is cut off is not among them, but the complete values inside of it are.
 */
export function findJsonValues(text: string): unknown[] {
  const values: unknown[] = []
  let budget = toBudget(text)
  let from = 0
  while (budget >= 0) {
    opening.lastIndex = from
    const start = opening.exec(text)?.index
    if (start === undefined) break
    const end = findEnd(text, start)
    const parsed = end === undefined ? undefined : parse(text.slice(start, end))
    if (parsed !== undefined) values.push(parsed.value)
    else budget -= (end ?? text.length) - start
    from = parsed === undefined || end === undefined ? start + 1 : end
  }
  return values
}

/** Offset after the bracket that closes the one at `start`; undefined when there is none. */
function findEnd(text: string, start: number): number | undefined {
  const tokens = /"(?:[^"\\\n]|\\.)*"|[[\]{}]/g
  tokens.lastIndex = start
  let depth = 0
  for (let token = tokens.exec(text); token !== null; token = tokens.exec(text)) {
    if (token[0] === '[' || token[0] === '{') depth += 1
    if (token[0] === ']' || token[0] === '}') depth -= 1
    if (depth === 0) return tokens.lastIndex
  }
  return undefined
}

function parse(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) }
  } catch {
    return undefined
  }
}
