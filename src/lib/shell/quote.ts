import { invisibleCharacters } from '../text/visible.ts'

/**
 * A text as one word of a command that people copy: quoted only where it would be more than a word. Every path, ref and
 * name in a printed command goes through this. A text with characters that are not shown as they are is printed by
 * `printf`, so that what is copied means the same.
 */
export function toShellWord(text: string): string {
  if (/^[\w./:@+][\w./:@+-]*$/.test(text)) return text
  return isShown(text) ? quoteForAnyShell(text) : `"$(printf '${toFormat(text)}')"`
}

// A command substitution loses newlines at the end.
function isShown(text: string): boolean {
  return text.endsWith('\n') || (text.search(invisibleCharacters) < 0 && !/[\t\n]/.test(text))
}

function toFormat(text: string): string {
  return text
    .replaceAll('%', '%%')
    .replaceAll(/^-|[\\'\t\n]/g, toOctal)
    .replaceAll(invisibleCharacters, toOctal)
}

function toOctal(character: string): string {
  const bytes = new TextEncoder().encode(character)
  return [...bytes].map(byte => `\\${byte.toString(8).padStart(3, '0')}`).join('')
}

/** One word that POSIX shells and fish read alike. In fish a backslash between single quotes may mean more than itself. */
export function quoteForAnyShell(text: string): string {
  return `'${text.replace(/['\\]/g, character => `'\\${character}'`)}'`
}
