import { html, nothing, type TemplateResult } from 'lit'
import type { ExplanationDocument } from '../../../readiness/explanation-schema.ts'
import {
  type Card,
  type CardFacts,
  isFalling,
  type ProviderFacts,
  type Reading,
  type RuntimeModel,
} from '../../model/dashboard-view.ts'
import { describeRuntimeModel, formatValue } from '../../model/describe.ts'
import { type Tone, toneSymbols } from '../state/cards.ts'
import { describeElapsed, formatTime, toVisibleText } from '../text/text.ts'
import { describeHistory, renderSparkline } from './charts.ts'
import { renderStatePill } from './section.ts'
import { isExplained, ShowSubject } from './subject.ts'

const tones = {
  ready: 'good',
  'not ready': 'bad',
  'not set up': 'unknown',
  unknown: 'unknown',
} as const satisfies Record<string, Tone>

/** Whether something can be used here, what would put it right, and what depends on it. */
export function renderExplanationPanel({
  status,
  causes,
  dependents,
  warnings,
  secondary_vars: variables = [],
}: ExplanationDocument): TemplateResult {
  const tone = tones[status]
  // That the dashboard shows it is seen.
  const others = dependents.filter(ref => !ref.startsWith('dashboard/'))
  return html`
    <h3>Can it be used here?</h3>
    <p><span class="pill ${tone}"><span class="sign" aria-hidden="true">${toneSymbols[tone]}</span>${status}</span></p>
    ${warnings.map(warning => html`<p class="reason"><bdi>${toVisibleText(warning)}</bdi></p>`)}
    ${
      causes.length === 0
        ? nothing
        : html`<h3>What would put it right</h3>
          <ol class="causes">
            ${causes.map(
              ({ ref, reason, fix }) => html`<li>
                ${renderRef(ref)}
                <p class="reason"><bdi>${toVisibleText(reason)}</bdi></p>
                <p><bdi>${toVisibleText(fix.text)}</bdi></p>
                ${fix.command === null ? nothing : html`<p><code>${toVisibleText(fix.command)}</code></p>`}
              </li>`,
            )}
          </ol>`
    }
    ${
      variables.length === 0
        ? nothing
        : html`<h3>Its variables</h3>
          <dl>
            ${variables.map(({ name, is_set: isSet }) => pair(name, isSet ? 'set' : 'not set'))}
          </dl>`
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

/** A sentence for each kind of evidence. */
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
  const { facts, provider, variables, readings, description, warning } = card
  return html`
    <p>${renderStatePill(card)}</p>
    ${description === null ? nothing : html`<p><bdi>${toVisibleText(description)}</bdi></p>`}
    ${warning === null ? nothing : html`<p class="warn tone"><bdi>${toVisibleText(warning)}</bdi></p>`}
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
  ${pair('Looked at', `${describeElapsed(checked_at, now)}, at ${formatTime(checked_at)}`)}`
}

function renderProvider(provider: ProviderFacts): TemplateResult {
  const { is_reachable, latency_ms, is_health_checked, status_endpoint, models, capabilities, runtime } =
    provider
  if (runtime !== undefined) return renderRuntime(provider, runtime.models)
  const responds = is_reachable === null ? 'not checked' : is_reachable ? 'yes' : 'no'
  return html`${pair('Key', describeKey(provider))}
  ${pair('Responds', is_health_checked ? responds : 'never checked')}
  ${pair('Latency', latency_ms === null ? null : `${Math.round(latency_ms)} ms`)}
  ${status_endpoint === null ? nothing : renderStatusEndpoint(status_endpoint)}
  ${pair('Models', models.join(', ') || null)}${pair('Capabilities', capabilities.join(', ') || null)}`
}

function describeKey({ is_key_set, credential }: ProviderFacts): string {
  if (is_key_set === null) return 'not known'
  if (!is_key_set) return 'not set'
  return credential ? `set, ${credential}` : 'set'
}

// A path from a registry may lead elsewhere: `//example.org`. Those of this server are links.
function renderStatusEndpoint(path: string): TemplateResult {
  const name = html`<bdi>${toVisibleText(path)}</bdi>`
  const isOurs = /^\/health\/[A-Za-z0-9._~%:@+-]+$/.test(path)
  return html`<dt>Health</dt>
    <dd class="code">${isOurs ? html`<a href=${path}>${name}</a>` : name}</dd>`
}

/** A local runtime, and each model that it has. */
function renderRuntime(
  { is_reachable, latency_ms }: ProviderFacts,
  models: readonly RuntimeModel[],
): TemplateResult {
  const up = is_reachable === null ? 'not checked' : is_reachable ? 'yes' : 'no'
  return html`${pair('Up', up)}
  ${pair('Latency', latency_ms === null ? null : `${Math.round(latency_ms)} ms`)}
  ${models.map(model => pair(model.id, describeRuntimeModel(model) || 'installed'))}`
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
      ${pair('Read', read_at === null ? null : describeElapsed(read_at, now))}
      ${pair(`Warning ${word}`, from(threshold_warning))} ${pair(`Critical ${word}`, from(threshold_critical))}
      ${pair('Over time', history.length === 0 ? null : describeHistory(reading))}
    </dl>
  </section>`
}
