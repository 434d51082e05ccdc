/** Bytes that are JSON (`y`), are not (`n`), or are what RFC 8259 leaves to the reader (`i`). */
export interface JsonCase {
  readonly verdict: 'y' | 'n' | 'i'
  readonly name: string
  readonly bytes: Uint8Array
}

type Verdict = JsonCase['verdict']
type Case = readonly [verdict: Verdict, name: string, text: string | readonly number[] | Uint8Array]

/**
 * Cases made from the grammar of RFC 8259, production by production: everything that it derives in one step, and what
 * one step beside it would be.
 */
export function createJsonCases(): JsonCase[] {
  const all = [
    ...structures(),
    ...whitespace(),
    ...words(),
    ...numbers(),
    ...strings(),
    ...escapes(),
    ...encodings(),
    ...objects(),
    ...arrays(),
    ...depths(),
    ...rests(),
  ]
  return all.map(([verdict, name, text]) => ({ verdict, name, bytes: toBytes(text) }))
}

function toBytes(text: Case[2]): Uint8Array {
  return typeof text === 'string' ? new TextEncoder().encode(text) : Uint8Array.from(text)
}

const values = ['null', 'true', 'false', '0', '-1.5e3', '""', '"a"', '[]', '{}', '[1]', '{"a":1}']

// JSON-text = ws value ws, and a value may be of any kind (section 2).
function structures(): Case[] {
  const alone = values.map((value): Case => ['y', `${value} alone`, value])
  const twice = values.map((value): Case => ['n', `${value} twice`, `${value} ${value}`])
  const cut = values
    .filter(value => value.length > 1 && !/^[\d-]/.test(value))
    .map((value): Case => ['n', `${value} without its end`, value.slice(0, -1)])
  const signs = [...'[]{}:,"\'-+.\\/*#&@()<>=;_'].map((sign): Case => ['n', `${sign} alone`, sign])
  return [...alone, ...twice, ...cut, ...signs, ['n', 'nothing', '']]
}

// ws is space, tab, line feed and carriage return: no other character, however blank (section 2).
function whitespace(): Case[] {
  const blank: [string, Verdict][] = [
    ...[' ', '\t', '\n', '\r', '\r\n'].map((text): [string, Verdict] => [text, 'y']),
    ...[0x0b, 0x0c, 0x1c, 0x85, 0xa0, 0x1680, 0x2003, 0x2028, 0x2029, 0x202f, 0x2060, 0x3000, 0xfeff].map(
      (code): [string, Verdict] => [String.fromCodePoint(code), 'n'],
    ),
  ]
  return blank.flatMap(([text, verdict]): Case[] => {
    const name = [...text].map(each => `U+${each.codePointAt(0)?.toString(16)}`).join(' ')
    return [
      [verdict, `${name} after a value`, `1${text}`],
      [verdict, `${name} in a list`, `[${text}1${text},${text}2${text}]`],
      [verdict, `${name} in an object`, `{${text}"a"${text}:${text}1${text}}`],
    ]
  })
}

// Three literal names, in small letters, whole (section 3).
function words(): Case[] {
  return ['true', 'false', 'null'].flatMap((word): Case[] => [
    ['n', `${word} in capitals`, word.toUpperCase()],
    ['n', `${word} with a capital`, `${word.charAt(0).toUpperCase()}${word.slice(1)}`],
    ['n', `${word} cut`, `[${word.slice(0, -1)}]`],
    ['n', `${word} and a letter`, `[${word}x]`],
    ['n', `${word} and a digit`, `[${word}1]`],
    ['n', `${word} in single quotes`, `['${word}']`],
    ['n', `${word} with a NUL`, `[${word}\u0000]`],
  ])
}

// number = [ minus ] int [ frac ] [ exp ] (section 6).
function numbers(): Case[] {
  const ints = ['0', '7', '10', '1234567890']
  const fractions = ['', '.0', '.5', '.000']
  const exponents = ['', 'e1', 'E1', 'e+1', 'E-1', 'e01']
  const sound = ['', '-'].flatMap(minus =>
    ints.flatMap(int => fractions.flatMap(frac => exponents.map(exp => `${minus}${int}${frac}${exp}`))),
  )
  const broken = [
    ...['+1', '--1', '- 1', '-', '.5', '-.5', '1.', '-1.', '01', '-01', '00', '1.e1', '1..2', '1.2.3'],
    ...[
      '1e',
      '1e+',
      '1E-',
      '1ee1',
      '1e1.5',
      '1e+-1',
      '1 e1',
      '1 .5',
      '0x10',
      '0b1',
      '0o7',
      '1_000',
      '1,000.0.',
    ],
    ...[
      'NaN',
      'Infinity',
      '-Infinity',
      '+Infinity',
      '-nan',
      '1f',
      '1n',
      '1a',
      '１',
      '٣',
      '½',
      '−1',
      '1\u0000',
    ],
  ]
  const open = [
    '1e309',
    '-1e309',
    '1e99999999999',
    `${'9'.repeat(400)}`,
    '1e-99999',
    '123456789012345678901234567890',
  ]
  return [
    ...sound.map((text): Case => ['y', `the number ${text}`, `[${text}]`]),
    ...broken.map((text): Case => ['n', `${text}, which is no number`, `[${text}]`]),
    ...open.map((text): Case => ['i', `the number ${text.slice(0, 30)}`, `[${text}]`]),
  ]
}

// unescaped = %x20-21 / %x23-5B / %x5D-10FFFF (section 7).
function strings(): Case[] {
  const plain = [
    ' ',
    '!',
    '#',
    '[',
    ']',
    '~',
    '\u007f',
    '\u0080',
    'ä',
    '\u2028',
    '\ufeff',
    '\uffff',
    '😀',
    '\u{10ffff}',
  ]
  const controls = Array.from({ length: 0x20 }, (_, code) => code)
  return [
    ...plain.map((text): Case => ['y', `U+${text.codePointAt(0)?.toString(16)} in a string`, `"${text}"`]),
    ...controls.map((code): Case => {
      return ['n', `U+${code.toString(16)} in a string`, `["${String.fromCharCode(code)}"]`]
    }),
    ['n', 'a string of single quotes', "['a']"],
    ['n', 'a string of typographic quotes', '[“a”]'],
    ['n', 'a string that does not begin', '[a"]'],
    ['n', 'a string that does not end', '["a'],
    ['n', 'a string that ends with its escape', '["a\\"'],
    ['n', 'two strings in a row', '["a" "b"]'],
    ['n', 'a string that goes on', '["a" + "b"]'],
  ]
}

// char = unescaped / escape ( " \ / b f n r t uXXXX ) (section 7).
function escapes(): Case[] {
  const letters = Array.from({ length: 0x5f }, (_, index) => String.fromCharCode(0x20 + index))
  const single = letters
    .filter(letter => letter !== 'u')
    .map(
      (letter): Case => [
        '"\\/bfnrt'.includes(letter) ? 'y' : 'n',
        `the escape \\${letter}`,
        letter === '"' || letter === '\\' ? `["\\${letter}"]` : `["\\${letter}"]`,
      ],
    )
  const hex = ['0000', '001f', '0022', '005C', '00e4', 'FFFF', 'aBcD', '2028']
  const noHex = [
    '',
    '1',
    '12',
    '123',
    '12 4',
    '+123',
    '-123',
    'g000',
    '00 0',
    'x041',
    '{41}',
    '00e',
    '１２３４',
  ]
  const surrogates = [
    '\\ud800',
    '\\udc00',
    '\\ud800x',
    '\\ud800\\n',
    '\\udc00\\ud800',
    '\\ud800\\ud800',
    '\\ud83d',
  ]
  return [
    ...single,
    ...hex.map((digits): Case => ['y', `the escape \\u${digits}`, `["\\u${digits}"]`]),
    ...noHex.map((digits): Case => ['n', `the escape \\u${digits}`, `["\\u${digits}"]`]),
    ['y', 'a pair of escapes', '["\\ud83d\\ude00"]'],
    ['n', 'an escape in capitals', '["\\U00e4"]'],
    ['n', 'a control character that is escaped by itself', '["\\\n"]'],
    ['n', 'a NUL that is escaped by itself', '["\\\u0000"]'],
    ['n', 'an escape outside of a string', '[\\n]'],
    // Section 8.2: what becomes of half a pair is not said.
    ...surrogates.map((text): Case => ['i', `half a pair: ${text}`, `["${text}"]`]),
  ]
}

// JSON is UTF-8 (section 8.1); what is UTF-8 says RFC 3629.
function encodings(): Case[] {
  const text = (name: string, ...inner: number[]): Case => ['n', name, [0x5b, 0x22, ...inner, 0x22, 0x5d]]
  const wide = (order: 'le' | 'be', mark: boolean): Uint8Array => {
    const bytes = Buffer.from(`${mark ? '\ufeff' : ''}["a"]`, 'utf16le')
    return order === 'le' ? bytes : bytes.swap16()
  }
  const continuations = [0x80, 0x9f, 0xa0, 0xbf].map(byte =>
    text(`the continuation ${byte.toString(16)} alone`, byte),
  )
  const impossible = [0xc0, 0xc1, 0xf5, 0xf8, 0xfc, 0xfe, 0xff].map(byte =>
    text(`the byte ${byte.toString(16)}`, byte, 0x80, 0x80, 0x80),
  )
  return [
    ...continuations,
    ...impossible,
    text('two bytes without the second', 0xc3),
    text('three bytes without the third', 0xe2, 0x82),
    text('four bytes without the fourth', 0xf0, 0x9f, 0x98),
    text('an overlong slash of two bytes', 0xc0, 0xaf),
    text('an overlong slash of three', 0xe0, 0x80, 0xaf),
    text('an overlong slash of four', 0xf0, 0x80, 0x80, 0xaf),
    text('an overlong NUL', 0xc0, 0x80),
    text('the first half of a pair', 0xed, 0xa0, 0x80),
    text('the second half of a pair', 0xed, 0xb0, 0x80),
    text('a pair in six bytes', 0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80),
    text('beyond the last character', 0xf4, 0x90, 0x80, 0x80),
    text('Latin-1', 0xe4),
    ['n', 'a wrong byte before everything', [0xff, 0x5b, 0x5d]],
    ['n', 'a wrong byte after everything', [0x5b, 0x5d, 0xff]],
    ['n', 'a wrong byte as a key', [0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]],
    // A reader may refuse the mark (section 8.1), and other encodings are not JSON any more.
    ['i', 'a byte order mark', [0xef, 0xbb, 0xbf, 0x5b, 0x5d]],
    ['n', 'a byte order mark alone', [0xef, 0xbb, 0xbf]],
    ['n', 'two byte order marks', [0xef, 0xbb, 0xbf, 0xef, 0xbb, 0xbf, 0x5b, 0x5d]],
    ['n', 'part of a byte order mark', [0xef, 0xbb, 0x5b, 0x5d]],
    ['n', 'UTF-16 with a mark', wide('le', true)],
    ['n', 'UTF-16 the other way round', wide('be', true)],
    ['n', 'UTF-16 without a mark', wide('le', false)],
    ['n', 'UTF-16 the other way round, without a mark', wide('be', false)],
  ]
}

// object = { [ member *( , member ) ] }; member = string : value (section 4).
function objects(): Case[] {
  const sound = values.map((value): Case => ['y', `${value} in an object`, `{"k":${value}}`])
  const keys = ['1', 'true', 'null', '[]', '{}', 'a', "'a'", '-', '']
  const broken = keys.map((key): Case => ['n', `${key || 'nothing'} as a key`, `{${key}:1}`])
  const texts = [
    '{"a"}',
    '{"a":}',
    '{"a" 1}',
    '{"a"::1}',
    '{"a"=1}',
    '{"a",1}',
    '{"a":1,}',
    '{,"a":1}',
    '{"a":1,,"b":2}',
  ]
  const more = [
    '{"a":1 "b":2}',
    '{"a":1;"b":2}',
    '{"a":1]',
    '{"a":1',
    '{"a":',
    '{"a"',
    '{"a',
    '{',
    '}',
    '{"a":1}}',
    '{{}}',
  ]
  return [
    ...sound,
    ...broken,
    ...[...texts, ...more, '{[]}', '{"a":1 /* b */}', '{...{}}'].map((text): Case => ['n', text, text]),
    ['y', 'an empty key', '{"":1}'],
    ['y', 'a key with escapes', '{"\\u0000\\n":1}'],
    ['y', 'several members', '{"a":1,"b":{"a":[]},"c":null}'],
    // Section 4: names should be unique; what happens when they are not is open.
    ['i', 'the same key twice', '{"a":1,"a":2}'],
    ['i', 'the same key twice, once with an escape', '{"a":1,"\\u0061":2}'],
    ['i', 'a key that reaches into prototypes', '{"__proto__":{}}'],
    ['i', 'another one', '{"a":{"constructor":1}}'],
    ['i', 'one with escapes', '{"\\u005f_proto__":1}'],
  ]
}

// array = [ [ value *( , value ) ] ] (section 5).
function arrays(): Case[] {
  const sound = values.map((value): Case => ['y', `${value} in a list`, `[${value},${value}]`])
  const texts = [
    '[,]',
    '[1,]',
    '[,1]',
    '[1,,2]',
    '[1 2]',
    '[1;2]',
    '[1:2]',
    '[1',
    '[1,',
    '[',
    ']',
    '[1]]',
    '[[1]',
    '[1}',
  ]
  return [
    ...sound,
    ...[...texts, '["a":1]', '[1 /* b */]', '[...[]]', '[1]//'].map((text): Case => ['n', text, text]),
  ]
}

// A reader may limit the depth (section 9).
function depths(): Case[] {
  const nest = (open: string, close: string, depth: number) => `${open.repeat(depth)}1${close.repeat(depth)}`
  return [
    ['y', 'sixty lists in each other', nest('[', ']', 60)],
    ['y', 'sixty objects in each other', nest('{"a":', '}', 60)],
    ['i', 'a hundred thousand lists in each other', nest('[', ']', 100_000)],
    ['i', 'a hundred thousand objects in each other', nest('{"a":', '}', 100_000)],
    ['n', 'a hundred thousand lists that do not end', '['.repeat(100_000)],
    ['n', 'a hundred thousand objects that do not end', '{"a":'.repeat(100_000)],
    ['n', 'a hundred thousand of both that do not end', '[{"a":'.repeat(100_000)],
  ]
}

// Nothing but whitespace comes after the value (section 2).
function rests(): Case[] {
  const rest = [
    ',',
    ']',
    '}',
    '"',
    'x',
    '1',
    '#',
    '//',
    '/* */',
    '\u0000',
    '\u001a',
    ';',
    '\\',
    '\ufeff',
    '`',
    '<a>',
  ]
  return ['[]', '{}', '"a"', 'null'].flatMap(value =>
    rest.map((text): Case => ['n', `${value} and ${JSON.stringify(text)}`, `${value}${text}`]),
  )
}
