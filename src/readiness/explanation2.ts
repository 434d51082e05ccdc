import type { TableOptions } from '../lib/terminal/table.ts'
import { wrapWords } from '../lib/terminal/wrap-words.ts'
import { renderAge } from '../lib/text/age-2.ts'
import { toVisibleLine } from '../lib/text/visible.ts'
import { renderCauses, renderVerdict } from './cause.ts'
import type { Explanation, ToolStory } from './explanation.ts'
import { listRefs } from './list-refs.ts'

export interface ExplanationView {
  readonly explanation: Explanation
  readonly story: ToolStory | undefined
  /** Milliseconds since 1970. */
  readonly now: number
}

/** Whether a thing can be used, what stands in the way, how that is known, and who depends on it. */
export function renderExplanation(
  { explanation, story, now }: ExplanationView,
  { style, width }: TableOptions,
): string {
  const { ref, status, causes, dependents, warnings } = explanation
  const facts: Fact[] = [
    ...(story ? listFacts(story, now) : []),
    ['needed by', dependents.length > 0 ? listRefs(dependents) : null],
  ]
  return [
    ...[
      renderVerdict(ref, status, style),
      ...renderCauses(causes, style),
      ...warnings.map(warning => `  ${style.yellow('!')} ${toVisibleLine(warning)}`),
    ].map(line => wrapWords(line, width)),
    ...facts.flatMap(([name, text]) =>
      text === null ? [] : [wrapWords(`  ${style.dim(name)} ${text}`, width, name.length + 3)],
    ),
  ].join('\n')
}

type Fact = readonly [name: string, text: string | null]

function listFacts({ detected, hidden, passedOver }: ToolStory, now: number): Fact[] {
  const { path, version, evidence, checked_at: checkedAt } = detected
  const facts: Fact[] = [
    ['path', path],
    ['version', version],
    ['known by', evidence],
    ['looked for', renderAge(now - Date.parse(checkedAt))],
    ...hidden.map((other): Fact => ['hidden', other]),
    ...passedOver.map(({ path: other, why }): Fact => ['passed over', `${other}: it ${why}`]),
  ]
  return facts.map(([name, text]) => [name, text === null ? null : toVisibleLine(text)])
}
