// As jq's own lexer takes them: fields with their dot, names with their modules, operators of several signs.
const token =
  /[ \t\r\n]+|#[^\r\n]*|\.\.|\.[A-Za-z_]\w*|\$__loc__|[@$]?[A-Za-z_](?:\w|::(?=[A-Za-z_]))*|(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|\?\/\/=?|\/\/=|[-+*/%|!=<>]=|\/\/|./gsuy

/**
 * Splits a jq filter into its words and signs: where each of them begins. What is between them, and comments, is left
 * out. A string is one of them, whatever is interpolated into it.
 */
export function splitTokens(filter: string): number[] {
  const starts: number[] = []
  let at = 0
  while (at < filter.length) {
    const length = filter[at] === '"' ? stringLength(filter, at) : tokenLength(filter, at)
    const isToken = !/^[\s#]/.test(filter.slice(at, at + 1))
    if (isToken) starts.push(at)
    at += length
  }
  return starts
}

function tokenLength(filter: string, at: number): number {
  token.lastIndex = at
  return token.exec(filter)?.[0].length ?? 1
}

/** Length of a string with what is interpolated into it, `"a\(.b + "c")"`; to the end when it is not closed. */
function stringLength(filter: string, start: number): number {
  // Strings and brackets that are open: an interpolation ends with its own bracket.
  const open = ['"']
  let at = start + 1
  for (; at < filter.length && open.length > 0; at += 1) {
    const character = filter[at] ?? ''
    if (open.at(-1) === '"') at += readInString(character, filter[at + 1], open)
    else readInCode(character, open)
  }
  return at - start
}

function readInString(character: string, next: string | undefined, open: string[]): number {
  if (character === '"') open.pop()
  if (character !== '\\') return 0
  if (next === '(') open.push('(')
  return 1
}

function readInCode(character: string, open: string[]): void {
  if (character === '"' || character === '(') open.push(character)
  if (character === ')') open.pop()
}
