import { html, nothing, type TemplateResult } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import { mostChanges, type RecentChange } from '../state/dashboard-state.ts'
import { describeElapsed, formatTime, toVisibleText } from '../text/text.ts'
import { isExplained, ShowSubject } from './subject.ts'

/** What has changed since the server was started. */
export function renderChangeList(changes: readonly RecentChange[], now: number): TemplateResult {
  if (changes.length === 0) return html`<p class="soft">Nothing has changed since the server was started.</p>`
  return html`
    <ol class="changes">
      ${repeat(
        changes,
        ({ key }) => key,
        change => renderChange(change, now),
      )}
    </ol>
    ${changes.length < mostChanges ? nothing : html`<p class="soft">Older ones are not kept.</p>`}
  `
}

function renderChange({ at, ref, says }: RecentChange, now: number) {
  const show = (event: Event) =>
    event.currentTarget?.dispatchEvent(new ShowSubject({ ref: null, subject: ref, name: ref }))
  const name = renderName(ref)
  return html`<li>
    <time class="soft" datetime=${new Date(at).toISOString()} title=${formatTime(at)}>${describeElapsed(at, now)}</time>
    <span>${isExplained(ref) ? html`<button class="link" @click=${show}>${name}</button>` : name} <bdi>${toVisibleText(says)}</bdi></span>
  </li>`
}

// Where there is little room, it goes on in the next line after the registry, and not within a word.
function renderName(ref: string): TemplateResult {
  const end = ref.indexOf('/') + 1
  return html`<bdi>${toVisibleText(ref.slice(0, end))}<wbr />${toVisibleText(ref.slice(end))}</bdi>`
}
