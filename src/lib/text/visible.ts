/**
 * The project's one table of characters that are invisible or that control a terminal or page. Everything that shows text
 * from outside uses it: the terminal, JSON and logs, copied commands, text of tools, the web page.
 *
 * It has the control characters but tab and newline, the separators of lines and paragraphs, the characters that
 * change the direction of text, and what Unicode calls `Default_Ignorable_Code_Point`. ZWNJ, ZWJ and variation
 * selectors of the basic plane are not in it: scripts and emoji need them. Characters beyond the basic plane are written
 * as surrogate pairs, because a pattern with the flag `u` takes three times as long.
 */
const invisible = [
  // C0 but tab and newline, DEL and C1
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/,
  // soft hyphen, combining grapheme joiner, Mongolian vowel separator, zero-width space, word joiner, byte order mark
  /[\u00ad\u180e\u200b\u2060\ufeff]|\u034f/,
  // Arabic letter mark, LRM, RLM, embeddings, overrides, isolates and the deprecated marks behind them
  /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f]/,
  // separators of lines and paragraphs
  /[\u2028\u2029]/,
  // invisible operators, vowels and fillers without a shape, annotations
  /[\u2061-\u2065\u115f\u1160\u17b4\u17b5\u3164\uffa0\ufff0-\ufffb]/,
  // U+1BCA0–1BCA3 shorthand, U+1D173–1D17A musical format, U+E0000–E0FFF tags and variation selectors
  /\ud82f[\udca0-\udca3]|\ud834[\udd73-\udd7a]|[\udb40-\udb43][\udc00-\udfff]/,
] as const

/** Matches each character of the table, for `replace`, `replaceAll` and `search`. */
export const invisibleCharacters = new RegExp(invisible.map(({ source }) => source).join('|'), 'g')

/** Text from outside for a terminal: what is invisible is spelled out, `\x1b`, `\u202e`, `\u{e0041}`. */
export function toVisible(text: string): string {
  return text.replace(invisibleCharacters, spell)
}

/** Like `toVisible`, for text that has to stay on one line: tabs and newlines are spelled out too. */
export function toVisibleLine(text: string): string {
  return toVisible(text).replaceAll('\t', '\\t').replaceAll('\n', '\\n')
}

/** A value as JSON without invisible characters: each is written as an escape, and means the same. */
export function toVisibleJson(value: unknown): string {
  return escapeInvisible(JSON.stringify(value, null, 2))
}

/** JSON text in which each invisible character is an escape. */
export function escapeInvisible(json: string): string {
  return json.replace(invisibleCharacters, character => character.split('').map(toEscape).join(''))
}

function toEscape(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
}

function spell(character: string): string {
  if (character === '\r') return '\\r'
  const digits = (character.codePointAt(0) ?? 0).toString(16)
  if (digits.length <= 2) return `\\x${digits.padStart(2, '0')}`
  return digits.length <= 4 ? `\\u${digits.padStart(4, '0')}` : `\\u{${digits}}`
}
