import { html, nothing, type TemplateResult } from 'lit'
import { toShellWord } from '../../../lib/shell/quote.ts'
import type { ExplanationDocument } from '../../../readiness/explanation-schema.ts'
import type { ChangeDocument } from '../../model/change-schema.ts'
import {
  type Card,
  type CardFacts,
  isFalling,
  type ProviderFacts,
  type Reading,
} from '../../model/dashboard-view.ts'
import { describeRuntimeModel, formatValue } from '../../model/describe.ts'
import { renderSparkline } from '../parts/charts.ts'
import { renderCommand, renderFix } from '../parts/command.ts'
import { renderRef, type Subject } from '../parts/subject.ts'
import { renderSymbol } from '../parts/symbol.ts'
import { toAddress } from '../state/address.ts'
import type { SymbolName } from '../symbol-names.ts'
import { describeElapsed, formatTime, toVisibleText } from '../text/text.ts'
import { renderChangeList } from './changes.ts'

/** What the server says about one thing. */
export type Explained =
  | { readonly kind: 'loading' }
  | {
      readonly kind: 'explained'
      readonly explanation: ExplanationDocument
      readonly changes: readonly ChangeDocument[]
    }
  | { readonly kind: 'refused'; readonly reason: string }

interface Details {
  readonly subject: Subject
  readonly card: Card | undefined
  readonly explained: Explained | undefined
  readonly now: number
}

/** Everything about one thing: whether it can be used, its fix, what is known, its history, what it is tied to. */
export function renderDetails({ subject, card, explained, now }: Details): TemplateResult {
  const explanation = explained?.kind === 'explained' ? explained.explanation : undefined
  return html`
    ${card?.description ? html`<p><bdi>${toVisibleText(card.description)}</bdi></p>` : nothing}
    ${card?.warning ? html`<p class="callout bad">${renderSymbol('triangle-alert')}<span><bdi>${toVisibleText(card.warning)}</bdi></span></p>` : nothing}
    ${explained?.kind === 'loading' ? html`<p class="soft">Loading…</p>` : nothing}
    ${explained?.kind === 'refused' ? html`<p class="soft"><bdi>${toVisibleText(explained.reason)}</bdi></p>` : nothing}
    ${explanation === undefined ? nothing : renderReadiness(explanation)}
    ${card === undefined ? nothing : renderKnown(card, now)}
    ${
      explained?.kind === 'explained' && explained.changes.length > 0
        ? html`<h3>History</h3>
          <div class="changes">${renderChangeList(explained.changes.slice(0, mostChanges), { now, names: new Map() })}</div>`
        : nothing
    }
    ${explanation === undefined ? nothing : renderTies(explanation)}
    ${
      subject.subject === null
        ? nothing
        : html`<h3>In a shell</h3>
            ${renderCommand(`nexus-registry explain ${toShellWord(subject.subject)}`)}`
    }
  `
}

/** Most changes in the details. */
const mostChanges = 10

const signs: Readonly<Record<ExplanationDocument['status'], readonly [tone: string, symbol: SymbolName]>> = {
  ready: ['good', 'circle-check'],
  'not ready': ['bad', 'circle-x'],
  'not set up': ['soft', 'circle-dashed'],
  unknown: ['soft', 'circle-question-mark'],
}

function renderReadiness({ status, causes, warnings, ref }: ExplanationDocument): TemplateResult {
  const [tone, symbol] = signs[status]
  return html`
    <p class="state ${tone}">${renderSymbol(symbol)}${status}</p>
    ${causes.map(
      cause => html`<div class="cause">
        ${cause.ref === ref ? nothing : html`<p>${renderRef(cause.ref)}</p>`}
        <p><bdi>${toVisibleText(cause.reason)}</bdi></p>
        ${cause.fix.command === null ? nothing : html`<p class="soft"><bdi>${toVisibleText(cause.fix.text)}</bdi></p>`}
        ${renderFix(cause.fix)}
      </div>`,
    )}
    ${warnings.map(warning => html`<p class="callout warn">${renderSymbol('triangle-alert')}<span><bdi>${toVisibleText(warning)}</bdi></span></p>`)}
  `
}

function renderTies({
  ref,
  dependents,
  secondary_vars: variables = [],
}: ExplanationDocument): TemplateResult {
  // That the dashboard shows it is seen.
  const others = dependents.filter(each => !each.startsWith('dashboard/'))
  return html`
    ${
      variables.length === 0
        ? nothing
        : html`<h3>Its variables</h3>
            <dl class="facts">
              ${variables.map(({ name, is_set: isSet }) => pair(name, isSet ? 'set' : 'not set', 'code'))}
            </dl>`
    }
    <h3>Needed by</h3>
    ${
      others.length === 0
        ? html`<p class="soft">Nothing in the registries. <a href=${toAddress('graph', { at: ref })}>Show in the graph</a></p>`
        : html`<ul class="chain">
              ${others.slice(0, mostDependents).map(each => html`<li>${renderRef(each)}</li>`)}
              ${others.length > mostDependents ? html`<li class="soft">and ${others.length - mostDependents} more</li>` : nothing}
            </ul>
            <p><a href=${toAddress('graph', { at: ref })}>Show in the graph</a></p>`
    }
  `
}

/** Most dependents in the details. */
const mostDependents = 20

/** A sentence for each kind of evidence. */
const sources: Readonly<Record<string, string>> = {
  path: 'a program on PATH',
  shim: 'a shim of a version manager',
  command: 'its version command',
  metadata: 'metadata of an installed package',
  import: 'an import in a process of its own',
  sysfs: 'files of the kernel',
  config: 'a configuration file',
}

function renderKnown(card: Card, now: number): TemplateResult {
  const { facts, provider, variables, readings } = card
  const hasFacts = facts !== null || provider !== null || variables.length > 0
  return html`
    ${
      hasFacts
        ? html`<h3>What is known</h3>
            <dl class="facts">
              ${facts === null ? nothing : renderFacts(facts, now)}
              ${provider === null ? nothing : renderProvider(provider)}
              ${variables.map(({ name, value }) => pair(name, value ?? 'not set', 'code'))}
            </dl>`
        : nothing
    }
    ${readings.map(reading => renderReading(reading, now))}
  `
}

function renderFacts(
  { reason, version, path, evidence, checked_at: at }: CardFacts,
  now: number,
): TemplateResult {
  return html`${pair('Why', reason)}${pair('Version', version)}${pair('Path', path, 'code')}
  ${pair('Known by', evidence === null ? null : (sources[evidence] ?? evidence))}
  ${pair('Checked', `${describeElapsed(at, now)}, at ${formatTime(at)}`)}`
}

function renderProvider(provider: ProviderFacts): TemplateResult {
  const { is_reachable, latency_ms, is_health_checked, status_endpoint, models, capabilities, runtime } =
    provider
  const word = is_reachable === null ? 'not checked' : is_reachable ? 'yes' : 'no'
  const latency = latency_ms === null ? null : `${Math.round(latency_ms)} ms`
  if (runtime !== undefined) {
    return html`${pair('Up', word)}${pair('Response time', latency)}
    ${runtime.models.map(model => pair(model.id, describeRuntimeModel(model) || 'installed'))}`
  }
  return html`${pair('Key', describeKey(provider))}
  ${pair('Responds', is_health_checked ? word : 'never checked')}${pair('Response time', latency)}
  ${status_endpoint === null ? nothing : renderStatusEndpoint(status_endpoint)}
  ${pair('Models', models.join(', ') || null)}
  ${pair('Capabilities', capabilities.map(each => each.replaceAll('_', ' ')).join(', ') || null)}`
}

function describeKey({ is_key_set: isSet, credential }: ProviderFacts): string {
  if (isSet === null) return 'not known'
  if (!isSet) return 'not set'
  return credential ? `set, ${credential}` : 'set'
}

// A path from a registry may lead elsewhere: `//example.org`. Those of this server are links.
function renderStatusEndpoint(path: string): TemplateResult {
  const name = html`<bdi>${toVisibleText(path)}</bdi>`
  const isOurs = /^\/health\/[A-Za-z0-9._~%:@+-]+$/.test(path)
  return html`<dt>Health</dt>
    <dd>${isOurs ? html`<a href=${path}>${name}</a>` : name}</dd>`
}

function pair(name: string, value: string | null, kind = ''): TemplateResult | typeof nothing {
  if (value === null) return nothing
  const text = html`<bdi>${toVisibleText(value)}</bdi>`
  return html`<dt><bdi>${toVisibleText(name)}</bdi></dt>
    <dd>${kind === 'code' ? html`<code>${text}</code>` : text}</dd>`
}

function renderReading(reading: Reading, now: number): TemplateResult {
  const { name, unit, value, reason, read_at, history, threshold_warning, threshold_critical } = reading
  const from = (threshold: number | null) => (threshold === null ? null : formatValue(threshold, unit))
  const word = isFalling({ warning: threshold_warning, critical: threshold_critical }) ? 'low' : 'high'
  return html`<h3><bdi>${toVisibleText(name)}</bdi></h3>
    ${history.some(each => each !== null) ? renderSparkline(reading, 'tall') : nothing}
    <dl class="facts">
      ${pair('Now', value === null ? 'unknown' : formatValue(value, unit))}${pair('Why', reason)}
      ${pair('Measured', read_at === null ? null : describeElapsed(read_at, now))}
      ${pair(word === 'low' ? 'Low from' : 'High from', from(threshold_warning))}${pair(`Very ${word} from`, from(threshold_critical))}
    </dl>`
}
