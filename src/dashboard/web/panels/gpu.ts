import { html, nothing, svg, type TemplateResult } from 'lit'
import type { Card, DashboardView, GpuReading } from '../../model/dashboard-view.ts'
import { formatGibibytes, formatNumber } from '../../model/describe.ts'
import { renderLine } from '../parts/charts.ts'
import { renderOpen } from '../parts/subject.ts'
import { renderSymbol } from '../parts/symbol.ts'
import { toVisibleText } from '../text/text.ts'

/** Models that hold memory of GPUs, the largest first. */
interface Holder {
  readonly name: string
  readonly bytes: number
}

/** The GPUs of this machine: who holds how much memory, how busy they are. */
export function renderGpus(cards: readonly Card[], view: DashboardView): TemplateResult | typeof nothing {
  const [card] = cards
  if (card === undefined) return nothing
  if (view.gpus.length === 0) return renderNoGpu(card)
  const holders = listHolders(view)
  return html`${view.gpus.map((gpu, index) => renderGpu(gpu, { card, id: index === 0 ? 'gpu' : `gpu-${index + 1}`, holders: view.gpus.length === 1 ? holders : [] }))}`
}

/** Without a GPU it is one line. */
function renderNoGpu({ ref, subject, name, state, facts }: Card): TemplateResult {
  const isAbsent = state === 'off'
  const reason = isAbsent ? 'models run at providers, or on the processors' : (facts?.reason ?? '')
  return html`<section id="gpu" class="panel" aria-label="GPU">
    <div class="compact-row">
      ${renderSymbol('gpu')}${renderOpen({ ref, subject, name: isAbsent ? 'No GPU' : name })}
      <span class="soft"><bdi>${toVisibleText(reason)}</bdi></span>
    </div>
  </section>`
}

interface GpuPlace {
  readonly card: Card
  readonly id: string
  readonly holders: readonly Holder[]
}

function renderGpu(gpu: GpuReading, { card, id, holders }: GpuPlace): TemplateResult {
  const { ref, subject } = card
  const open = renderOpen({ ref, subject, name: gpu.name ?? card.name })
  return html`<section id=${id} class="panel gpu" aria-labelledby="h-${id}">
    <header>
      <h2 id="h-${id}">${renderSymbol('gpu')}${open}</h2>
      ${gpu.driver === null ? nothing : html`<p>driver <bdi>${toVisibleText(gpu.driver)}</bdi></p>`}
    </header>
    ${gpu.reason === null ? nothing : html`<p class="soft"><bdi>${toVisibleText(gpu.reason)}</bdi></p>`}
    ${renderMemory(gpu, holders)}
    ${renderUse(gpu)}
    ${renderPairs(gpu)}
  </section>`
}

function renderMemory(gpu: GpuReading, holders: readonly Holder[]): TemplateResult | typeof nothing {
  const { memory_total_bytes: total, memory_used_bytes: used } = gpu
  if (total === null || used === null || total <= 0) return nothing
  const share = Math.min(1, used / total)
  const parts = toParts(used, holders)
  const says = parts.map(({ name, bytes }) => `${name} ${formatGibibytes(bytes)} GiB`).join(', ')
  const percent = `${Math.round(share * 100)} % taken`
  let start = 0
  return html`<div class="reading">
      <p class="big"><b>${formatGibibytes(total - used)}</b> GiB free <span>of ${formatGibibytes(total)}</span></p>
      <p>${percent}</p>
    </div>
    <svg class="stack" role="meter" aria-label="GPU memory" aria-valuemin="0" aria-valuemax="100" aria-valuenow=${Math.round(share * 100)} aria-valuetext=${toVisibleText(`${percent}: ${says}`)}>
      <rect class="track" width="100%" height="100%" rx="4"></rect>
      ${parts.map(({ bytes, kind }) => {
        const [x, width] = [start, (bytes / total) * 100]
        start += width
        return svg`<rect class=${kind} x="${x}%" width="${Math.max(0, width - 0.4)}%" height="100%" rx="2"></rect>`
      })}
    </svg>
    <ul class="legend">
      ${parts.map(({ name, bytes, kind }) => html`<li class=${kind}><bdi>${toVisibleText(name)}</bdi> ${formatGibibytes(bytes)} GiB</li>`)}
    </ul>`
}

/** Most models that have a part of their own. */
const mostParts = 3

function toParts(used: number, holders: readonly Holder[]): readonly (Holder & { readonly kind: string })[] {
  const named = holders.slice(0, mostParts).filter(({ bytes }) => bytes <= used)
  const rest = used - named.reduce((sum, { bytes }) => sum + bytes, 0)
  // What a runtime says and what the driver counts differ a little.
  if (rest < 0) return [{ name: 'used', bytes: used, kind: 's1' }]
  const other = {
    name: named.length === 0 ? 'used' : 'other',
    bytes: rest,
    kind: named.length === 0 ? 's1' : 's2',
  }
  return [...named.map(each => ({ ...each, kind: 's1' })), ...(rest > 0 ? [other] : [])]
}

function listHolders({ sections }: DashboardView): readonly Holder[] {
  return sections
    .flatMap(({ cards }) => cards.flatMap(({ provider }) => provider?.runtime?.models ?? []))
    .flatMap(({ id, vram_bytes: bytes }) => (bytes === null || bytes <= 0 ? [] : [{ name: id, bytes }]))
    .sort((left, right) => right.bytes - left.bytes)
}

function renderUse({ utilization, history }: GpuReading): TemplateResult | typeof nothing {
  if (utilization === null) return nothing
  const label = `Utilization of the GPU: now ${formatNumber(utilization)} %`
  return html`<div class="reading">
      <p class="name">Utilization</p>
      <p class="value"><b>${formatNumber(utilization)}</b> %</p>
    </div>
    ${renderLine({ values: history, scale: { least: 0, most: 100 }, label, kind: 'tall' })}
    <p class="axis"><span>10 min ago</span><span>now</span></p>`
}

function renderPairs({ temperature_c: temperature, power_w: power, power_limit_w: limit }: GpuReading) {
  if (temperature === null && power === null) return nothing
  const of = limit === null ? '' : ` of ${formatNumber(limit)}`
  return html`<dl class="pairs">
    ${temperature === null ? nothing : html`<div><dt>Temperature</dt><dd>${formatNumber(temperature)} °C</dd></div>`}
    ${power === null ? nothing : html`<div><dt>Power</dt><dd>${formatNumber(power)}${of} W</dd></div>`}
  </dl>`
}
