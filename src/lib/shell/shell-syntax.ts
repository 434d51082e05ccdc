/** A piece of shell syntax as it stands in a text, and what it is called. */
export interface ShellSyntax {
  readonly text: string
  readonly name: string
}

type Rule = readonly [pattern: RegExp, name: string]

const expansions: readonly Rule[] = [
  [/\$\(/y, 'a command substitution'],
  [/\$\{/y, 'a variable'],
  [/\$\w+/y, 'a variable'],
  [/\$/y, 'an expansion'],
  [/`/y, 'a command substitution'],
]

const anywhere: readonly Rule[] = [
  [/[\r\n]/y, 'a line break'],
  [/\0/y, 'a NUL character'],
  [/\|\|/y, 'an or list'],
  [/\|/y, 'a pipe'],
  [/&&/y, 'an and list'],
  [/&/y, 'a background job'],
  [/;/y, 'a command separator'],
  [/[<>]\(/y, 'a process substitution'],
  [/>>|<<|[<>]/y, 'a redirection'],
  [/[()]/y, 'a subshell'],
  [/[*?[]/y, 'a glob'],
  [/\{[^\s{}]*(?:,|\.\.)[^\s{}]*\}/y, 'a brace expansion'],
  ...expansions,
]

const atWordStart: readonly Rule[] = [
  [/~/y, 'a home directory'],
  [/#/y, 'a comment'],
  [/[{}](?=\s|$)/y, 'a group'],
  [/\d+[<>]/y, 'a redirection'],
]

const atCommandStart: readonly Rule[] = [
  [/[A-Za-z_]\w*\+?=/y, 'an assignment'],
  [/!(?=\s|$)/y, 'a negation'],
]

const rules = {
  command: [...atCommandStart, ...atWordStart, ...anywhere],
  word: [...atWordStart, ...anywhere],
  inside: anywhere,
} as const

/** Shell syntax that begins at the offset outside quotes: at the first word, at another one, or inside a word. */
export function commandSyntaxAt(
  text: string,
  offset: number,
  place: keyof typeof rules,
): ShellSyntax | undefined {
  return firstMatch(rules[place], text, offset)
}

/** Shell syntax that begins at the offset inside double quotes. */
export function quotedSyntaxAt(text: string, offset: number): ShellSyntax | undefined {
  return firstMatch(expansions, text, offset)
}

function firstMatch(candidates: readonly Rule[], text: string, offset: number): ShellSyntax | undefined {
  for (const [pattern, name] of candidates) {
    pattern.lastIndex = offset
    const found = pattern.exec(text)
    if (found) return { text: found[0], name }
  }
  return undefined
}
