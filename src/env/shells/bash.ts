import { dollarQuote } from './dollar-quote.ts'
import { renderStatements, type Shell } from './shell.ts'

export const bash: Shell = {
  name: 'bash',
  render: variables => renderStatements(dollarQuote, variables),
}
