import { html, nothing, type TemplateResult } from 'lit'
import type { RegistryHealth } from '../../../sync/health-schema.ts'
import { renderSymbol } from '../parts/symbol.ts'
import { describeElapsed, toVisibleText } from '../text/text.ts'

/** How fresh the registries are that the reader may see. */
export function renderRegistries(
  registries: readonly RegistryHealth[],
  now: number,
): TemplateResult | typeof nothing {
  if (registries.length === 0) return nothing
  const others = registries.filter(({ status }) => status !== 'fresh')
  const isAllFresh = others.length === 0
  return html`<section id="registries" class="panel fresh" aria-labelledby="h-registries">
    <header>
      <h2 id="h-registries">${renderSymbol('database')}Registries</h2>
      ${
        isAllFresh
          ? html`<p class="state good">${renderSymbol('circle-check')}all fresh</p>`
          : html`<p class="state warn">${renderSymbol('triangle-alert')}${others.length} not fresh</p>`
      }
    </header>
    <table>
      <thead class="heard">
        <tr>
          <th scope="col">Registry</th>
          <th scope="col">Entries</th>
          <th scope="col">Synced</th>
        </tr>
      </thead>
      <tbody>
        ${registries.map(registry => renderRegistry(registry, now))}
      </tbody>
    </table>
  </section>`
}

function renderRegistry(registry: RegistryHealth, now: number): TemplateResult {
  const { name, entries, status, error } = registry
  const isWrong = status === 'failed' || status === 'missing'
  const tone = status === 'fresh' ? 'soft' : isWrong ? 'bad' : 'warn'
  return html`<tr>
      <th scope="row"><bdi>${toVisibleText(name.replaceAll('_', ' '))}</bdi></th>
      <td class="num">${entries ?? ''}</td>
      <td class="num ${tone}">${describeFreshness(registry, now)}</td>
    </tr>
    ${error === null ? nothing : html`<tr><td colspan="3" class="error ${tone}"><bdi>${toVisibleText(error)}</bdi></td></tr>`}`
}

function describeFreshness({ status, source, last_success: at }: RegistryHealth, now: number): string {
  if (status === 'fresh' && source === 'file') return 'from its file'
  const age = at === null ? '' : describeElapsed(at, now)
  return status === 'fresh' ? age : `${status}${age === '' ? '' : `, ${age}`}`
}
