import { html, nothing, type TemplateResult } from 'lit'
import { toVisibleText } from '../text/visible-text.ts'

/** A sentence that says why; nothing where there is none. */
export function renderReason(reason: string | null): TemplateResult | typeof nothing {
  return reason === null ? nothing : html`<p class="reason"><bdi>${toVisibleText(reason)}</bdi></p>`
}
