/** A word of a shell script. */
export interface ShellWord {
  /** Its value, with variables put in; undefined when the shell would make something else of it. */
  readonly value: string | undefined
  /** Whether it is nothing but what the script was called with, like `"$@"` and `$1`. */
  readonly isArguments: boolean
  readonly isAssignment: boolean
}

/** A simple command: assignments before it, its words, and the files that its input is taken from. */
export interface ShellCommand {
  readonly words: readonly ShellWord[]
  readonly inputs: readonly ShellWord[]
}

interface ShellScript {
  readonly commands: readonly ShellCommand[]
  /** Variables that are read. */
  readonly variables: ReadonlySet<string>
}

const assignmentPattern = /^([A-Za-z_]\w*)\+?=/

type Lookup = (name: string) => string | undefined

/**
 * Splits a shell script into simple commands, as far as that is certain. Undefined as soon as there is anything that
 * only a shell can work out: substitutions, here-documents, arithmetic, functions, `case`.
 */
export function parseShellScript(text: string, lookUp: Lookup): ShellScript | undefined {
  const state = createState(lookUp)
  for (let position = 0; position < text.length; ) {
    const next = readNext(text, position, state)
    if (next === undefined) return undefined
    position = next
  }
  state.endCommand()
  return { commands: state.commands, variables: state.variables }
}

function createState(lookUp: Lookup) {
  const variables = new Set<string>()
  const commands: ShellCommand[] = []
  const assigned = new Map<string, string | undefined>()
  let words: ShellWord[] = []
  let inputs: ShellWord[] = []
  return {
    variables,
    commands,
    resolve: (name: string): string | undefined => {
      variables.add(name)
      // A value from outside may still be there where an assignment is not reached.
      const value = lookUp(name)
      if (!assigned.has(name)) return value
      return value === undefined ? assigned.get(name) : undefined
    },
    // Only the shell knows which of several assignments holds.
    assign: (name: string, value: string | undefined) => {
      assigned.set(name, assigned.has(name) ? undefined : value)
    },
    addWord: (word: ShellWord) => words.push(word),
    addInput: (word: ShellWord) => inputs.push(word),
    endCommand: () => {
      if (words.length > 0 || inputs.length > 0) commands.push({ words, inputs })
      words = []
      inputs = []
    },
  }
}

type State = ReturnType<typeof createState>

// Gives the position behind what was read.
function readNext(text: string, position: number, state: State): number | undefined {
  const rest = text.slice(position)
  const blank = /^(?:(?:[ \t\r]|\\\n)+|#[^\n]*)/.exec(rest)
  if (blank) return position + blank[0].length
  if (/^(?:\d*<<|[<>]\()/.test(rest)) return undefined
  const redirect = /^\d*(?:>>|>\||>&|&>>?|>|<)[ \t]*/.exec(rest)
  if (redirect) return readRedirect(text, position, redirect[0], state)
  const operator = /^(?:&&|\|\||[;&|\n()])/.exec(rest)
  if (!operator) return readArgument(text, position, state)
  // A function, or a pattern of `case`.
  if (operator[0] === '(' || operator[0] === ')') return undefined
  state.endCommand()
  return position + operator[0].length
}

function readRedirect(text: string, position: number, redirect: string, state: State): number | undefined {
  const word = readWord(text, position + redirect.length, state.resolve)
  if (word && redirect.trim().endsWith('<')) state.addInput(word)
  return word?.end
}

function readArgument(text: string, position: number, state: State): number | undefined {
  const word = readWord(text, position, state.resolve)
  if (word === undefined) return undefined
  const name = assignmentPattern.exec(text.slice(position, word.end))?.[1]
  if (name !== undefined) state.assign(name, word.value?.slice(name.length + 1))
  state.addWord(word)
  return word.end
}

function readWord(text: string, start: number, resolve: Lookup): (ShellWord & { end: number }) | undefined {
  let value: string | undefined = ''
  let position = start
  const add = (part: string | undefined) => {
    value = value === undefined || part === undefined ? undefined : value + part
  }
  while (position < text.length && !/[\s;&|()<>]/.test(text.charAt(position))) {
    const piece = readPiece(text.slice(position), resolve)
    if (piece === undefined) return undefined
    add(piece.value)
    position += piece.length
  }
  if (position === start) return undefined
  const source = text.slice(start, position)
  return {
    value,
    end: position,
    isArguments: /^"?\$(?:[@*#?\d]|\{[@*#\d]\}|\{1\+"\$@"\})"?$/.test(source),
    isAssignment: assignmentPattern.test(source),
  }
}

interface Piece {
  readonly length: number
  readonly value: string | undefined
}

function readPiece(rest: string, resolve: Lookup): Piece | undefined {
  if (rest.startsWith("'")) {
    const end = rest.indexOf("'", 1)
    return end === -1 ? undefined : { length: end + 1, value: rest.slice(1, end) }
  }
  if (rest.startsWith('"')) return readQuoted(rest, resolve)
  if (rest.startsWith('\\')) return { length: 2, value: rest.slice(1, 2) }
  if (rest.startsWith('`')) return undefined
  if (rest.startsWith('$')) return readExpansion(rest, resolve)
  const plain = /^[^\s;&|()<>'"`\\$]+/.exec(rest)?.[0] ?? ''
  return { length: plain.length, value: /[*?[~]/.test(plain) && !/^\[{1,2}$/.test(plain) ? undefined : plain }
}

function readQuoted(rest: string, resolve: Lookup): Piece | undefined {
  let value: string | undefined = ''
  let position = 1
  while (position < rest.length && rest.charAt(position) !== '"') {
    const from = rest.slice(position)
    const piece = from.startsWith('$')
      ? readExpansion(from, resolve)
      : from.startsWith('`')
        ? undefined
        : readQuotedText(from)
    if (piece === undefined) return undefined
    value = value === undefined || piece.value === undefined ? undefined : value + piece.value
    position += piece.length
  }
  return position < rest.length ? { length: position + 1, value } : undefined
}

function readQuotedText(from: string): Piece {
  if (from.startsWith('\\')) return { length: 2, value: from.slice(/^\\["\\$`]/.test(from) ? 1 : 0, 2) }
  const text = /^[^"\\$`]+/.exec(from)?.[0] ?? ''
  return { length: text.length, value: text }
}

function readExpansion(rest: string, resolve: Lookup): Piece | undefined {
  const special = /^\$(?:[@*#?$!\d-]|\{[@*#?\d]\})/.exec(rest)?.[0]
  if (special !== undefined) return { length: special.length, value: undefined }
  const simple = /^\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)\})/.exec(rest)
  if (simple) return { length: simple[0].length, value: resolve(simple[1] ?? simple[2] ?? '') }
  // `${NAME:-…}`, `${0##*/}` and the like: which variables matter is clear, the value is not.
  const operation = /^\$\{(?:#?([A-Za-z_]\w*)|[@*#?\d])/.exec(rest)
  if (operation) return readOperation(rest, operation, resolve)
  return rest.startsWith('$(') || /^\$[{['"]/.test(rest) ? undefined : { length: 1, value: '$' }
}

function readOperation(rest: string, operation: RegExpExecArray, resolve: Lookup): Piece | undefined {
  if (operation[1] !== undefined) resolve(operation[1])
  let position = operation[0].length
  while (position < rest.length && rest.charAt(position) !== '}') {
    const from = rest.slice(position)
    const piece = /^[\s;&|()<>]/.test(from)
      ? { length: 1, value: undefined }
      : readOperationPiece(from, resolve)
    if (piece === undefined) return undefined
    position += piece.length
  }
  return position < rest.length ? { length: position + 1, value: undefined } : undefined
}

function readOperationPiece(from: string, resolve: Lookup): Piece | undefined {
  if (/^['"\\$`]/.test(from)) return readPiece(from, resolve)
  return { length: /^[^}'"\\$`\s;&|()<>]+/.exec(from)?.[0].length ?? 1, value: undefined }
}
