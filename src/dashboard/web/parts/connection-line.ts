import { html, type TemplateResult } from 'lit'
import { type Connection, describeConnection } from '../live/connection.ts'
import { type Tone, toneSigns } from '../state/tone.ts'
import { toVisibleText } from '../text/visible-text.ts'

const tones = {
  loading: 'unknown',
  live: 'good',
  reconnecting: 'warn',
  stale: 'bad',
  unknown: 'bad',
} as const satisfies Record<string, Tone>

/** Whether what is shown is what is: as a word, and why not. */
export function renderConnection(connection: Connection, now: number): TemplateResult {
  const { word, says } = describeConnection(connection, now)
  const tone = tones[word]
  return html`<p class="connection ${word}">
    <span class="pill ${tone}" title=${toVisibleText(says)}
      ><span class="sign" aria-hidden="true">${toneSigns[tone]}</span><span>${word}</span></span
    >
    ${word === 'live' || word === 'loading' ? '' : html`<bdi class="says">${toVisibleText(says)}</bdi>`}
  </p>`
}
