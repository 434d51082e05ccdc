import { encode, toOctal } from './encode.ts'
import type { Statements } from './shell.ts'

/** `export N=$'\ooo…';` as zsh and bash read it. dash does not, and says nothing. */
export const dollarQuote: Statements = {
  set: (name, value) => `export ${name}=$'${encode(value, byte => `\\${toOctal(byte)}`)}';`,
  unset: name => `unset ${name};`,
}
