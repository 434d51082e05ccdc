import { dollarQuote, renderStatements, type Shell } from './shell.ts'

export const bash: Shell = {
  name: 'bash',
  render: variables => renderStatements(dollarQuote, variables),
}
