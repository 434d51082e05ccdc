import type { LoadedRegistry } from '../../registry/snapshot.ts'
import type { PlacedCard } from './placed-card.ts'
import { toTroubledCard } from './to-troubled-card.ts'

/** Cards for entries that are broken: in their place stands what is wrong with them. */
export function toBrokenCards({ quarantined, diagnostics }: LoadedRegistry<'dashboard'>): PlacedCard[] {
  return quarantined.flatMap(pointer => {
    const place = /^\/sections\/(tools|providers|metrics)\/(?:entries|system|orchestrator)\/([^/]+)$/.exec(
      pointer,
    )
    const [, section = '', escaped = ''] = place ?? []
    if (place === null) return []
    const id = escaped.replaceAll('~1', '/').replaceAll('~0', '~')
    const fault = diagnostics.find(each => each.pointer === pointer || each.pointer.startsWith(`${pointer}/`))
    const group =
      section === 'metrics' && pointer.startsWith('/sections/metrics/orchestrator')
        ? 'orchestrator'
        : 'system'
    const trouble = fault && withoutPlace(fault.message, pointer)
    return [{ section: section === 'metrics' ? group : section, card: toBrokenCard(section, id, trouble) }]
  })
}

// `dashboard.sections.tools.entries.docker.ui_component: expected …`: where the entry is, the card shows.
function withoutPlace(message: string, pointer: string): string {
  const place = `dashboard${pointer.replaceAll('/', '.')}`
  return message.startsWith(place) ? message.slice(place.length).replace(/^(?:\.|: )/, '') : message
}

function toBrokenCard(section: string, id: string, message = 'its entry is broken'): PlacedCard['card'] {
  return toTroubledCard({ ref: `dashboard/${section}/${id}`, name: id, trouble: message })
}
