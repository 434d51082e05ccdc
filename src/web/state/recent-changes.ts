/** One line of what has changed. */
export interface RecentChange {
  /** Unique on this page. */
  readonly key: string
  /** Milliseconds since 1970. */
  readonly at: number
  /** What it is about, as `explain` takes it, or the name of a registry. */
  readonly ref: string
  /** What happened to it, without its name. */
  readonly says: string
}

/** The event `change`, as far as it is read here. */
export interface ChangeEvent {
  readonly registry: string
  readonly created?: readonly string[]
  readonly updated?: readonly string[]
  readonly removed?: readonly string[]
  readonly detected?: readonly {
    readonly id: string
    readonly from: string | null
    readonly to: string | null
  }[]
  readonly more?: Readonly<Record<string, number>>
}

/** Most lines that are kept. */
export const mostChanges = 50

/** What an event tells, a line for each thing, the most telling first. */
export function toRecentChanges(
  event: ChangeEvent,
  { id, at }: { readonly id: string; readonly at: number },
) {
  const { registry, created = [], updated = [], removed = [], detected = [], more = {} } = event
  const found = new Set(detected.map(each => each.id))
  const lines: [string, string][] = [
    ...detected.map(({ id: name, from, to }): [string, string] => [name, describeDetected(from, to)]),
    ...created.map((name): [string, string] => [name, 'is new in the registry']),
    ...removed.map((name): [string, string] => [name, 'is not in the registry any more']),
    ...updated.filter(name => !found.has(name)).map((name): [string, string] => [name, 'was updated']),
  ]
  const rest = Object.values(more).reduce((sum, count) => sum + count, 0)
  const told = lines.map(
    ([name, says], index): RecentChange => ({ key: `${id} ${index}`, at, ref: toRef(registry, name), says }),
  )
  const remainder: RecentChange = { key: `${id} more`, at, ref: registry, says: `${rest} more changes` }
  return rest > 0 ? [...told, remainder] : told
}

// Parts of documents are JSON Pointers.
function toRef(registry: string, name: string): string {
  return name.startsWith('/') ? `${registry}${name}` : `${registry}/${name}`
}

function describeDetected(from: string | null, to: string | null): string {
  if (from === null) return `is ${to ?? 'unknown'}`
  return to === null ? `was ${from}, and nobody looks any more` : `is ${to}, was ${from}`
}
