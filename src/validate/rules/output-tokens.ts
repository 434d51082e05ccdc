import { listReadEntries } from '../references.ts'
import type { Rule, Violation } from '../rule.ts'

// As long as its context is what several providers say of a model: there the request and the response share the window.
export const outputTokens: Rule = {
  id: 'output-tokens',
  severity: 'warning',
  summary: 'a model may write more tokens than its context holds',
  check: ({ snapshot }) =>
    listReadEntries(snapshot, 'models').flatMap(
      ([id, { output_tokens: output, context_tokens: context }]): Violation[] => {
        if (output === undefined || context === undefined || output <= context) return []
        const message = `${output} tokens of output do not fit into a context of ${context}`
        const hint = 'Correct output_tokens or context_tokens'
        return [{ registry: 'models', path: [id, 'output_tokens'], message, hint }]
      },
    ),
}
