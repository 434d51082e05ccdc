import { html, type TemplateResult } from 'lit'
import type { RegistryHealth } from '../../../sync/registry-health.ts'
import { type Tone, toneSigns } from '../state/tone.ts'
import { describeAge } from '../text/describe-age.ts'
import { toVisibleText } from '../text/visible-text.ts'

/** How fresh the registries are, each as one word and an age. */
export function renderFreshnessStrip(registries: readonly RegistryHealth[], now: number): TemplateResult {
  return html`<ul class="strip" aria-label="Freshness of the registries">
    ${registries.map(registry => renderRegistry(registry, now))}
  </ul>`
}

function renderRegistry({ name, status, entries, last_success, error }: RegistryHealth, now: number) {
  const tone = toTone(status)
  const age = last_success === null ? '' : ` ${describeAge(last_success, now)}`
  const count = entries === null ? '' : `, ${entries} entries`
  return html`<li class=${tone} title=${toVisibleText(`${name}: ${status}${age}${count}${error === null ? '' : `. ${error}`}`)}>
    <span class="sign" aria-hidden="true">${toneSigns[tone]}</span>
    <bdi>${toVisibleText(name.replaceAll('_', ' '))}</bdi>
    <span class="soft">${status === 'fresh' ? '' : status}${age}</span>
  </li>`
}

function toTone(status: RegistryHealth['status']): Tone {
  if (status === 'fresh') return 'good'
  if (status === 'stale') return 'warn'
  return status === 'never synced' ? 'unknown' : 'bad'
}
