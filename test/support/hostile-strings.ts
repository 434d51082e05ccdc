import fc from 'fast-check'

/** What breaks quoters: white space runs, quotes, globs, expansions, operators, escapes, control characters, odd Unicode. */
export const hazards: readonly string[] = [
  ...[' ', '  ', '\t', '\n', '\n\n', '\r', '\r\n', '\v', '\f', ' \n\t '],
  ...["'", '"', '`', "''", '\\', '\\\\', "\\'", '\\n', '\\0', '\\033', '\\x41', '\\c', '\\u0041', "$'", '$"'],
  ...['*', '?', '[a]', '[!a]*', '~', '~root', '{a,b}', '{1..3}', '**/', '=ls', '^', '!', '!!', '#', ' # '],
  ...[
    '$',
    '$$',
    '$?',
    '$HOME',
    '${HOME}',
    '$(touch canary)',
    '`touch canary`',
    '$((1+1))',
    '<(echo)',
    '%s',
    '%%',
  ],
  ...[
    ';',
    ';touch canary;',
    '&',
    '&&',
    '|',
    '||',
    '>canary',
    '<',
    '(',
    ')',
    '-n',
    '--',
    '-',
    '_',
    '__',
    '=',
    ':',
    ',',
  ],
  ...[
    '\x1b[31m',
    '\x07',
    '\x7f',
    '\x80',
    '\xa0',
    'é',
    '\u202e',
    '\u2028',
    '\ufeff',
    '\uf600',
    '\ufffd',
    '😀',
  ],
  ...['\ud800', '\udc00', 'a', '1', '07'],
]

/** Random strings, mostly of hazards; the same for the same seed. None has a NUL. */
export function randomStrings(options: { seed: number; count: number }): string[] {
  const piece = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...hazards) },
    { weight: 1, arbitrary: fc.string({ unit: 'grapheme-ascii', maxLength: 12 }) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 6 }) },
  )
  const strings = fc.array(piece, { maxLength: 10 }).map(pieces => pieces.join('').replaceAll('\0', ''))
  return fc.sample(strings, { seed: options.seed, numRuns: options.count })
}
