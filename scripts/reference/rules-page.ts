import { rules } from '../../src/validate/rules/index.ts'
import { renderTable, toCode, toGeneratedPage, toProse } from './markdown.ts'

/** Reference of the rules of `validate`. */
export function renderRulesPage(): string {
  return toGeneratedPage('Rules', [
    'What `nexus-registry validate` checks, in the order of `nexus-registry validate --rules`. [Validate](../validate.md) says how to change a level.',
    renderTable(
      ['rule', 'level', 'reports that'],
      rules.map(({ id, severity, summary }) => [toCode(id), severity, toProse(summary)]),
    ),
  ])
}
