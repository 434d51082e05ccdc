/**
 * Splits the value of a setting into words as systemd.syntax(7) and systemd.service(5) have it: quotes, escapes as in C,
 * `%%` for a percent sign; in a command also `$$` for a dollar sign. Throws for specifiers, variables and other escapes.
 */
export function splitSystemdWords(value: string, options: { isCommand: boolean }): string[] {
  const words: string[] = []
  const pattern = /\s*(?:"((?:[^"\\]|\\.)*)"|([^\s"'\\]+))(?=\s|$)/y
  while (pattern.lastIndex < value.trimEnd().length) {
    const start = pattern.lastIndex
    const match = pattern.exec(value)
    if (!match) throw new Error(`not a word: ${value.slice(start)}`)
    words.push(toText(match[1] ?? match[2] ?? '', options.isCommand && words.length > 0))
  }
  return words
}

function toText(word: string, isArgument: boolean): string {
  const text = word.replace(/\\(x[0-9a-f]{2}|.)/g, (_, marked: string) => {
    if (marked === '\\' || marked === '"') return marked
    if (marked.startsWith('x')) return String.fromCharCode(Number.parseInt(marked.slice(1), 16))
    throw new Error(`unknown escape: \\${marked}`)
  })
  const percent = text.replace(/%(.?)/g, (_, next: string) => {
    if (next !== '%') throw new Error(`a specifier: %${next}`)
    return '%'
  })
  if (!isArgument) return percent
  return percent.replace(/\$(.?)/g, (_, next: string) => {
    if (next !== '$') throw new Error(`a variable: $${next}`)
    return '$'
  })
}
