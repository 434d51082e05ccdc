import type { Host } from '../../platform/host.ts'
import { isVariableName, type Variable } from '../../registry/refs.ts'

/** `export N=$'\ooo…';` as zsh and bash read it. dash does not, and says nothing. */
export const dollarQuote: Statements = {
  set: (name, value) => `export ${name}=$'${encode(value, byte => `\\${toOctal(byte)}`)}';`,
  unset: name => `unset ${name};`,
}

/** The value as well-formed Unicode: a lone surrogate becomes U+FFFD. Throws for a NUL, which no variable can hold. */
export function toWellFormed(value: string): string {
  if (value.includes('\0')) throw new TypeError('a value with a NUL cannot be exported')
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(new TextEncoder().encode(value))
}

/** The value as ASCII: letters, digits and `_ . / -` as they are, every other byte of its UTF-8 form through `toEscape`. */
export function encode(value: string, toEscape: (byte: number) => string): string {
  const bytes = new TextEncoder().encode(toWellFormed(value))
  return Array.from(bytes, byte => (isSafe(byte) ? String.fromCharCode(byte) : toEscape(byte))).join('')
}

/** Exactly three octal digits: ksh93 and mksh read hexadecimal escapes greedily. */
export function toOctal(byte: number): string {
  return byte.toString(8).padStart(3, '0')
}

function isSafe(byte: number): boolean {
  return /^[A-Za-z0-9_./-]$/.test(String.fromCharCode(byte))
}

/** A way of printing variables for a shell, or for another program that reads them. */
export interface Shell {
  readonly name: string
  /** Names the variable of the environment that says which file the output is added to. Printed where that is not set. */
  readonly fileVariable?: string
  /**
   * The whole output, ended with a newline; ASCII only where the form has escapes. Empty when there is nothing to say.
   * Throws for a name outside `NEXUS_*` and for a NUL.
   */
  render(variables: readonly Variable[], host: RenderHost): string
  /** Names of the variables whose values the form cannot express. `render` leaves them out. */
  findUnwritable?(variables: readonly Variable[]): readonly string[]
}

/** What a form may need besides the variables. */
export type RenderHost = Pick<Host, 'randomName'>

/** How one shell says it. Each statement ends with `;`. */
export interface Statements {
  set(name: string, value: string): string
  unset(name: string): string
}

/** One statement a line: what both `eval "$(…)"` and the unquoted `eval $(…)` read alike. */
export function renderStatements(statements: Statements, variables: readonly Variable[]): string {
  const lines = variables.map(({ name, value }) => {
    assertName(name)
    return value === undefined ? statements.unset(name) : statements.set(name, value)
  })
  return lines.map(line => `${line}\n`).join('')
}

/** Refuses every name but `NEXUS_*`: nothing that a registry says may reach `PATH`. */
export function assertName(name: string): void {
  if (!isVariableName(name)) throw new TypeError(`not a name to export: ${JSON.stringify(name)}`)
}
