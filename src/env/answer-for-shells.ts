import type { Variable } from '../registry/variable.ts'
import type { AnswerForShells } from './cache/answer.ts'
import type { Question } from './cache/question.ts'
import { shells } from './shells/index.ts'
import type { RenderHost } from './shells/shell.ts'
import { statusVariable } from './status-variable.ts'

/** Forms that are evaluated at the start of a shell: these it can have without this program. */
const evaluated = ['sh', 'zsh', 'bash', 'fish']

/** A whole answer as shells can give it themselves. */
export function toAnswerForShells(
  { home, variables }: { readonly home: string; readonly variables: readonly Variable[] },
  { look }: Question,
  host: RenderHost,
): AnswerForShells {
  const all = [...variables, statusVariable('ok')]
  const forms = shells.filter(({ name }) => evaluated.includes(name))
  const texts = forms.map(({ name, render }) => [name, render(all, host)])
  return { home, look, texts: Object.fromEntries(texts) }
}
