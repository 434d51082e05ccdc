/** Text from outside as it may be shown on a terminal: control and bidi characters are spelled out, `\x1b`, `\u202e`. */
export function toVisible(text: string): string {
  return text.replace(invisibleCharacters, spell)
}

/** Like `toVisible`, for text that has to stay on one line: tabs and newlines are spelled out too. */
export function toVisibleLine(text: string): string {
  return toVisible(text).replaceAll('\t', '\\t').replaceAll('\n', '\\n')
}

/** A value as JSON in which nothing acts on a terminal: what is not seen is written as an escape, and means the same. */
export function toVisibleJson(value: unknown): string {
  return JSON.stringify(value, null, 2).replace(invisibleCharacters, toEscape)
}

function toEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}

function spell(character: string): string {
  if (character === '\r') return '\\r'
  const code = character.charCodeAt(0)
  const digits = code.toString(16)
  return code < 0x100 ? `\\x${digits.padStart(2, '0')}` : `\\u${digits.padStart(4, '0')}`
}

/**
 * What a terminal obeys, or nobody sees: C0 but for tab and newline, DEL and C1; Arabic letter mark, LRM, RLM,
 * embeddings, overrides and isolates; line and paragraph separators; zero-width characters of no visible use and the
 * byte order mark.
 */
export const invisibleCharacters =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g
