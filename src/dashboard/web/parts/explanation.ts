import { html, nothing, type TemplateResult } from 'lit'
import type { ExplanationAnswer } from '../../../readiness/explanation-2.ts'
import { type Tone, toneSigns } from '../state/tone.ts'
import { toVisibleText } from '../text/visible-text.ts'
import { isExplained } from './is-explained.ts'
import { ShowSubject } from './show-subject.ts'

const tones = { ready: 'good', 'not ready': 'bad', unknown: 'unknown' } as const satisfies Record<
  string,
  Tone
>

/** Whether something can be used here, what would put it right, and what depends on it. */
export function renderExplanation({
  status,
  causes,
  dependents,
  warnings,
}: ExplanationAnswer): TemplateResult {
  const tone = tones[status]
  // That the dashboard shows it is seen.
  const others = dependents.filter(ref => !ref.startsWith('dashboard/'))
  return html`
    <h3>Can it be used here?</h3>
    <p><span class="pill ${tone}"><span class="sign" aria-hidden="true">${toneSigns[tone]}</span>${status}</span></p>
    ${warnings.map(warning => html`<p class="reason"><bdi>${toVisibleText(warning)}</bdi></p>`)}
    ${
      causes.length === 0
        ? nothing
        : html`<h3>What would put it right</h3>
          <ol class="causes">
            ${causes.map(
              ({ ref, reason, hint }) => html`<li>
                ${renderRef(ref)}
                <p class="reason"><bdi>${toVisibleText(reason)}</bdi></p>
                <p><bdi>${toVisibleText(hint)}</bdi></p>
              </li>`,
            )}
          </ol>`
    }
    <h3>What depends on it</h3>
    ${
      others.length === 0
        ? html`<p class="soft">Nothing does.</p>`
        : html`<ul class="refs">
          ${others.map(ref => html`<li>${renderRef(ref)}</li>`)}
        </ul>`
    }
  `
}

function renderRef(ref: string): TemplateResult {
  const name = html`<bdi>${toVisibleText(ref)}</bdi>`
  if (!isExplained(ref)) return html`<span class="ref">${name}</span>`
  const show = (event: Event) =>
    event.currentTarget?.dispatchEvent(new ShowSubject({ ref: null, subject: ref, name: ref }))
  return html`<button class="link" @click=${show}>${name}</button>`
}
