import { encode, renderStatements, type Shell, type Statements } from './shell.ts'

const statements: Statements = {
  // `\Xhh` is a byte; `\xhh` above 7f would be an error.
  set: (name, value) => `set -gx ${name} ${encode(value, byte => `\\X${toHex(byte)}`) || "''"};`,
  unset: name => `set -ge ${name};`,
}

export const fish: Shell = {
  name: 'fish',
  render: variables => renderStatements(statements, variables),
}

function toHex(byte: number): string {
  return byte.toString(16).padStart(2, '0')
}
