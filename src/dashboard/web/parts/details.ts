import { html, nothing, type TemplateResult } from 'lit'
import type { Card, CardFacts, ProviderFacts } from '../../model/card.ts'
import { formatValue } from '../../model/format-value.ts'
import { isFalling, type Reading } from '../../model/reading.ts'
import { describeAge, formatTime } from '../text/describe-age.ts'
import { toVisibleText } from '../text/visible-text.ts'
import { describeHistory, renderSparkline } from './sparkline.ts'
import { renderStatePill } from './state-pill.ts'

/** How each kind of evidence is told. */
const sources: Readonly<Record<string, string>> = {
  path: 'a program on PATH',
  shim: 'a shim of a version manager',
  command: 'a command that said so',
  metadata: 'metadata of an installed package',
  import: 'it was imported',
  sysfs: 'files of the kernel',
  config: 'a configuration file',
}

/** All that a card has to tell. */
export function renderDetails(card: Card, now: number): TemplateResult {
  const { facts, provider, variables, readings, description, trouble } = card
  return html`
    <p>${renderStatePill(card)}</p>
    ${description === null ? nothing : html`<p><bdi>${toVisibleText(description)}</bdi></p>`}
    ${trouble === null ? nothing : html`<p class="warn tone"><bdi>${toVisibleText(trouble)}</bdi></p>`}
    <dl>
      ${facts === null ? nothing : renderFacts(facts, now)}
      ${provider === null ? nothing : renderProvider(provider)}
      ${variables.map(({ name, value }) => pair(name, value ?? 'not set', 'code'))}
    </dl>
    ${readings.map(reading => renderReading(reading, now))}
  `
}

function renderFacts(
  { reason, version, path, evidence, checked_at }: CardFacts,
  now: number,
): TemplateResult {
  return html`${pair('Why', reason)}${pair('Version', version)}${pair('Path', path, 'code')}
  ${pair('Known by', evidence === null ? null : (sources[evidence] ?? evidence))}
  ${pair('Looked at', `${describeAge(checked_at, now)}, at ${formatTime(checked_at)}`)}`
}

function renderProvider(provider: ProviderFacts): TemplateResult {
  const { is_key_set, is_reachable, latency_ms, models, capabilities } = provider
  return html`${pair('Key', is_key_set === null ? 'nobody has looked' : is_key_set ? 'set' : 'not set')}
  ${pair('Answers', is_reachable === null ? 'it was not asked' : is_reachable ? 'yes' : 'no')}
  ${pair('Latency', latency_ms === null ? null : `${Math.round(latency_ms)} ms`)}
  ${pair('Models', models.join(', ') || null)}${pair('Capabilities', capabilities.join(', ') || null)}`
}

function pair(name: string, value: string | null, kind = ''): TemplateResult | typeof nothing {
  if (value === null) return nothing
  return html`<dt><bdi>${toVisibleText(name)}</bdi></dt>
    <dd class=${kind}><bdi>${toVisibleText(value)}</bdi></dd>`
}

function renderReading(reading: Reading, now: number): TemplateResult {
  const { name, unit, value, reason, read_at, history, threshold_warning, threshold_critical } = reading
  const from = (threshold: number | null) => (threshold === null ? null : formatValue(threshold, unit))
  const word = isFalling({ warning: threshold_warning, critical: threshold_critical }) ? 'down from' : 'from'
  return html`<section class="reading">
    <h3><bdi>${toVisibleText(name)}</bdi></h3>
    ${history.some(each => each !== null) ? renderSparkline(reading) : nothing}
    <dl>
      ${pair('Now', value === null ? 'unknown' : formatValue(value, unit))} ${pair('Why', reason)}
      ${pair('Read', read_at === null ? null : describeAge(read_at, now))}
      ${pair(`Warning ${word}`, from(threshold_warning))} ${pair(`Critical ${word}`, from(threshold_critical))}
      ${pair('Over time', history.length === 0 ? null : describeHistory(reading))}
    </dl>
  </section>`
}
