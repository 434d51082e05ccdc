import type { Explanation, ToolStory } from '../../core/explanation.ts'
import { renderAge } from '../age.ts'
import type { Style } from '../style.ts'
import { toVisibleLine } from '../visible.ts'
import { renderCauses, renderVerdict } from './cause.ts'
import { listRefs } from './list-refs.ts'

export interface ExplanationView {
  readonly explanation: Explanation
  readonly story: ToolStory | undefined
  /** Milliseconds since 1970. */
  readonly now: number
}

/** Whether a thing can be used, what stands in the way, how that is known, and who depends on it. */
export function renderExplanation({ explanation, story, now }: ExplanationView, style: Style): string {
  const { ref, status, causes, dependents, warnings } = explanation
  return [
    renderVerdict(ref, status, style),
    ...renderCauses(causes, style),
    ...warnings.map(warning => `  ${style.yellow('!')} ${toVisibleLine(warning)}`),
    ...(story ? renderStory(story, now, style) : []),
    ...(dependents.length > 0 ? [`  ${style.dim('needed by')} ${listRefs(dependents)}`] : []),
  ].join('\n')
}

function renderStory({ detected, hidden, passedOver }: ToolStory, now: number, style: Style): string[] {
  const { path, version, evidence, checked_at: checkedAt } = detected
  const facts: [string, string | null][] = [
    ['path', path],
    ['version', version],
    ['known by', evidence],
    ['looked for', renderAge(now - Date.parse(checkedAt))],
    ...hidden.map((other): [string, string] => ['hidden', other]),
    ...passedOver.map(({ path: other, why }): [string, string] => ['passed over', `${other}: it ${why}`]),
  ]
  return facts.flatMap(([name, text]) =>
    text === null ? [] : [`  ${style.dim(name)} ${toVisibleLine(text)}`],
  )
}
