/** What a key stands for. */
export type Key =
  | 'up'
  | 'down'
  | 'page-up'
  | 'page-down'
  | 'top'
  | 'bottom'
  | 'open'
  | 'copy'
  | 'absent'
  | 'help'
  | 'refresh'
  | 'back'
  | 'quit'
  | 'interrupt'

// Keys as terminals send them (xterm control sequences, "PC-Style Function Keys"), and letters as pagers have them.
const keys: Readonly<Record<string, Key>> = {
  '\x1b[A': 'up',
  '\x1bOA': 'up',
  k: 'up',
  '\x1b[B': 'down',
  '\x1bOB': 'down',
  j: 'down',
  '\x1b[5~': 'page-up',
  b: 'page-up',
  '\x1b[6~': 'page-down',
  ' ': 'page-down',
  '\x1b[H': 'top',
  '\x1bOH': 'top',
  '\x1b[1~': 'top',
  '\x1b[7~': 'top',
  g: 'top',
  '\x1b[F': 'bottom',
  '\x1bOF': 'bottom',
  '\x1b[4~': 'bottom',
  '\x1b[8~': 'bottom',
  G: 'bottom',
  '\r': 'open',
  '\n': 'open',
  c: 'copy',
  a: 'absent',
  '?': 'help',
  h: 'help',
  r: 'refresh',
  '\x1b': 'back',
  q: 'quit',
  Q: 'quit',
  '\x03': 'interrupt',
}

// A sequence is one key as a whole, also one that nobody knows.
const pieces = /\x1b\[[0-?]*[ -/]*[@-~]|\x1bO[A-Za-z]|[\s\S]/gu

/** The keys in what was typed; what stands for nothing is left out. */
export function parseKeys(text: string): Key[] {
  return (text.match(pieces) ?? []).flatMap(piece => (Object.hasOwn(keys, piece) ? (keys[piece] ?? []) : []))
}
