import type { SyncReport } from '../detection/sync-report.ts'
import type { Style } from '../lib/terminal/style.ts'
import { renderCount } from '../lib/text/count.ts'
import { toVisibleLine } from '../lib/text/visible.ts'

type Findings = Pick<SyncReport, 'detections'>

/** Most names told of a kind: `list` shows them all. */
const mostNames = 8

/** Which services are up and which providers can be used, a line each; empty when nobody looked. */
export function renderPeers({ detections }: Findings, style: Style): string {
  return [renderServices(detections, style), renderProviders(detections, style)]
    .filter(line => line !== '')
    .join('\n')
}

function renderServices({ microservices }: Findings['detections'], style: Style): string {
  const all = Object.entries(microservices)
  if (all.length === 0) return ''
  const idsOf = (wanted: string) => all.filter(([, { status }]) => status === wanted).map(([id]) => id)
  const [up, down, unknown] = [idsOf('up'), idsOf('down'), idsOf('unknown')]
  const counted = `${style.bold(String(up.length))} of ${renderCount(all.length, 'service')} up`
  return [
    `${counted}${listNames(up, style.green)}`,
    ...(down.length > 0 ? [`${down.length} down${listNames(down, style.red)}`] : []),
    ...(unknown.length > 0 ? [`${unknown.length} unknown${listNames(unknown, style.yellow)}`] : []),
  ].join('; ')
}

function renderProviders({ providers }: Findings['detections'], style: Style): string {
  const all = Object.entries(providers)
  if (all.length === 0) return ''
  const configured = all.filter(([, { status }]) => status === 'configured').map(([id]) => id)
  const asked = all.filter(([, { reachable }]) => reachable !== null)
  const silent = asked.filter(([, { reachable }]) => reachable === false).map(([id]) => id)
  const counted = `${style.bold(String(configured.length))} of ${renderCount(all.length, 'provider')} configured`
  return [
    `${counted}${listNames(configured, style.green)}`,
    ...(asked.length > 0 ? [`${asked.length - silent.length} of ${asked.length} asked are reachable`] : []),
    ...(silent.length > 0 ? [`not reachable${listNames(silent, style.red)}`] : []),
  ].join('; ')
}

function listNames(ids: readonly string[], paint: (text: string) => string): string {
  if (ids.length === 0) return ''
  const more = ids.length > mostNames ? ` and ${ids.length - mostNames} more` : ''
  const names = ids.slice(0, mostNames).map(id => paint(toVisibleLine(id)))
  return ` (${names.join(', ')}${more})`
}
