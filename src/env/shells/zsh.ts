import { dollarQuote, renderStatements, type Shell } from './shell.ts'

export const zsh: Shell = {
  name: 'zsh',
  render: variables => renderStatements(dollarQuote, variables),
}
