import { encode, renderStatements, type Shell, type Statements, toOctal } from './shell.ts'

const statements: Statements = {
  set: (name, value) => {
    const encoded = encode(value, byte => `\\0${toOctal(byte)}`)
    if (encoded === value) return `export ${name}='${value}';`
    // The `_` keeps trailing newlines, which command substitution would cut off.
    return `${name}="$(printf %b '${encoded}_')"; ${name}="\${${name}%_}"; export ${name};`
  },
  unset: name => `unset ${name};`,
}

/** The portable form. What needs no escape loads in zsh, bash, dash and, through `| source`, in fish. */
export const sh: Shell = {
  name: 'sh',
  render: variables => renderStatements(statements, variables),
}
