import { html, type TemplateResult } from 'lit'
import type { Card } from '../../model/card.ts'
import { toCardTone, toCardWord, toneSigns } from '../state/tone.ts'

/** The state of a card: a colour, a sign and a word. That a metric is as it should be is only said. */
export function renderStatePill(card: Card): TemplateResult {
  const tone = toCardTone(card)
  const word = toCardWord(card)
  if (card.state === null && tone === 'good') return html`<span class="only-heard">${word}</span>`
  return html`<span class="pill ${tone}"
    ><span class="sign" aria-hidden="true">${toneSigns[tone]}</span><span>${word}</span></span
  >`
}
