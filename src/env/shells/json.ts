import { assertName, type Shell, toWellFormed } from './shell.ts'

/** One object of names and values, null for a variable to unset. Escaped so that it is ASCII. */
export const json: Shell = {
  name: 'json',
  render: variables => {
    const entries = variables.map(({ name, value }) => {
      assertName(name)
      return [name, value === undefined ? null : toWellFormed(value)]
    })
    return `${toAscii(JSON.stringify(Object.fromEntries(entries), null, 2))}\n`
  },
}

function toAscii(text: string): string {
  return text.replace(/[\x7f-\uffff]/g, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
