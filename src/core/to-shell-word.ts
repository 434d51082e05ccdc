import { quoteForAnyShell } from './quote-for-any-shell.ts'

/** A text as one word of a command that people copy: quoted only where it would be more than a word. */
export function toShellWord(text: string): string {
  return /^[\w./:@+][\w./:@+-]*$/.test(text) ? text : quoteForAnyShell(text)
}
