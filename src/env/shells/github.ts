import type { Variable } from '../../registry/refs.ts'
import { assertName, type RenderHost, type Shell, toWellFormed } from './shell.ts'

/** Values that nobody can read another way. Any other one stands between delimiters. */
const plain = /^(?! )[A-Za-z0-9_.,:@+/ -]*(?<! )$/

/**
 * The file that GitHub Actions reads after a step (`SetEnvFileCommand` of actions/runner): `NAME=value`, or
 * `NAME<<delimiter` and the value's lines. It has no word for a variable to unset.
 */
export const github: Shell = {
  name: 'github',
  fileVariable: 'GITHUB_ENV',
  render: (variables, host) => variables.map(variable => toEntry(variable, host)).join(''),
}

function toEntry({ name, value }: Variable, host: RenderHost): string {
  assertName(name)
  if (value === undefined) return ''
  const text = toWellFormed(value)
  if (plain.test(text)) return `${name}=${text}\n`
  const delimiter = chooseDelimiter(text, host)
  return `${name}<<${delimiter}\n${text}\n${delimiter}\n`
}

// The form of @actions/core. A value that had its delimiter as a line could go on to set PATH.
function chooseDelimiter(text: string, host: RenderHost): string {
  const delimiter = `ghadelimiter_${host.randomName()}`
  return text.includes(delimiter) ? chooseDelimiter(text, host) : delimiter
}
