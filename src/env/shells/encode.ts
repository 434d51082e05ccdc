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
