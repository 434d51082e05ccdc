/** Why a text is no command, and which part of it: offset and length in UTF-16 units. */
interface CommandRefusal {
  readonly ok: false
  readonly message: string
  readonly offset: number
  readonly length: number
}

/** A program and its arguments. */
export type Argv = readonly [string, ...string[]]

type CommandLine = { readonly ok: true; readonly argv: Argv } | CommandRefusal

type Word = { readonly ok: true; readonly value: string; readonly end: number } | CommandRefusal

/**
 * Splits a command into its arguments by the quoting rules of POSIX shells (single and double quotes,
 * backslash). There is no shell behind it: whatever else means something to one is refused by name.
 */
export function parseCommandLine(text: string): CommandLine {
  const words: string[] = []
  for (let offset = skipBlanks(text, 0); offset < text.length; ) {
    const word = readWord(text, offset, words.length === 0)
    if (!word.ok) return word
    words.push(word.value)
    offset = skipBlanks(text, word.end)
  }
  const [program, ...args] = words
  if (!program) return refuse('the command is empty', 0, text.length)
  return { ok: true, argv: [program, ...args] }
}

function readWord(text: string, start: number, isFirst: boolean): Word {
  const plain = matchAt(plainWord, text, start)
  if (plain !== undefined) return { ok: true, value: plain, end: start + plain.length }
  const isQuoted = text[start] === "'" || text[start] === '"'
  const syntax = isQuoted ? undefined : commandSyntaxAt(text, start, isFirst ? 'command' : 'word')
  if (syntax) return refuseSyntax(syntax, start)
  let value = ''
  let offset = start
  while (offset < text.length && !isBlank(text[offset])) {
    const part = readPart(text, offset, start)
    if (!part.ok) return part
    value += part.value
    offset = part.end
  }
  return { ok: true, value, end: offset }
}

function readPart(text: string, offset: number, wordStart: number): Word {
  const plain = matchAt(plainPart, text, offset)
  if (plain !== undefined) return { ok: true, value: plain, end: offset + plain.length }
  const character = text[offset] ?? ''
  if (character === "'") return readSingleQuoted(text, offset)
  if (character === '"') return readDoubleQuoted(text, offset)
  if (character === '\\') return readEscape(text, offset)
  const syntax = offset === wordStart ? undefined : commandSyntaxAt(text, offset, 'inside')
  if (syntax) return refuseSyntax(syntax, offset)
  return { ok: true, value: character, end: offset + 1 }
}

// No syntax begins with one of these inside a word, nor is a word of them syntax: nearly all of a command is read so.
const plainPart = /[\w./:@%+,=-]+/y
const plainWord = /[\w./:@%+,-]+(?=[ \t]|$)/y

function matchAt(pattern: RegExp, text: string, offset: number): string | undefined {
  pattern.lastIndex = offset
  return pattern.exec(text)?.[0]
}

function readSingleQuoted(text: string, offset: number): Word {
  const close = text.indexOf("'", offset + 1)
  if (close < 0) return refuse('a single quote is not closed', offset, text.length - offset)
  return { ok: true, value: text.slice(offset + 1, close), end: close + 1 }
}

function readDoubleQuoted(text: string, open: number): Word {
  let value = ''
  for (let offset = open + 1; offset < text.length; offset++) {
    const character = text[offset] ?? ''
    if (character === '"') return { ok: true, value, end: offset + 1 }
    const syntax = quotedSyntaxAt(text, offset)
    if (syntax) return refuseSyntax(syntax, offset)
    const isEscape = character === '\\' && /["\\$`]/.test(text[offset + 1] ?? '')
    if (isEscape) offset++
    value += text[offset] ?? ''
  }
  return refuse('a double quote is not closed', open, text.length - open)
}

function readEscape(text: string, offset: number): Word {
  const next = text[offset + 1]
  if (next === undefined) return refuse('a backslash stands at the end', offset, 1)
  if (next === '\n' || next === '\r') return refuse('a line break continues the command', offset, 2)
  return { ok: true, value: next, end: offset + 2 }
}

function skipBlanks(text: string, offset: number): number {
  let next = offset
  while (isBlank(text[next])) next++
  return next
}

function isBlank(character: string | undefined): boolean {
  return character === ' ' || character === '\t'
}

function refuseSyntax(syntax: ShellSyntax, offset: number): CommandRefusal {
  const shown = JSON.stringify(syntax.text).slice(1, -1)
  const message = `${shown} is shell syntax (${syntax.name}), and commands run without a shell`
  return refuse(message, offset, syntax.text.length)
}

function refuse(message: string, offset: number, length: number): CommandRefusal {
  return { ok: false, message, offset, length }
}

/** How an entry is detected, as its `detection` says. */
export type Detection =
  | { readonly kind: 'path'; readonly program: string }
  | { readonly kind: 'python'; readonly module: string }
  | { readonly kind: 'command'; readonly argv: Argv }

/** Reads the `detection` of an entry; a refusal says what in it no command may have. */
export function parseDetection(
  text: string,
): { readonly ok: true; readonly detection: Detection } | CommandRefusal {
  const parsed = parseCommandLine(text)
  return parsed.ok ? { ok: true, detection: toDetection(parsed.argv) } : parsed
}

function toDetection(argv: Argv): Detection {
  const program = toSearchedProgram(argv)
  if (program !== undefined) return { kind: 'path', program }
  const module = toImportedModule(argv)
  if (module !== undefined) return { kind: 'python', module }
  return { kind: 'command', argv }
}

function toSearchedProgram(argv: Argv): string | undefined {
  const [first, second, third] = argv
  if (first === 'which' && argv.length === 2) return toName(second)
  if (first === 'command' && second === '-v' && argv.length === 3) return toName(third)
  return undefined
}

function toName(word: string | undefined): string | undefined {
  return word && !word.startsWith('-') ? word : undefined
}

function toImportedModule(argv: Argv): string | undefined {
  const [program, option, code, ...rest] = argv
  if (!/^python3?$/.test(program) || option !== '-c' || rest.length > 0) return undefined
  return /^\s*import\s+([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)\s*;?\s*$/.exec(code ?? '')?.[1]
}

/** A piece of shell syntax as it stands in a text, and what it is called. */
interface ShellSyntax {
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
function commandSyntaxAt(text: string, offset: number, place: keyof typeof rules): ShellSyntax | undefined {
  return firstMatch(rules[place], text, offset)
}

/** Shell syntax that begins at the offset inside double quotes. */
function quotedSyntaxAt(text: string, offset: number): ShellSyntax | undefined {
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
