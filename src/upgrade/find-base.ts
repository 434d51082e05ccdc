import { isSameJson } from '../lib/json/json-value.ts'
import { withoutDetection } from '../registry/entries.ts'
import type { ShippedMark } from '../registry/home/shipped-mark.ts'
import type { RegistryName } from '../registry/schema/names.ts'
import type { ShippedHistory, ShippedVersion } from './history.ts'
import { listPlaces } from './places.ts'

/** Documents of a home by registry; what cannot be upgraded is not there. */
export type HomeDocuments = ReadonlyMap<RegistryName, unknown>

/** What was shipped when the home got its files. */
export interface ShippedBase {
  /** Version of the program; null when the home was not made from shipped files. */
  readonly version: string | null
  /** `recorded`: the home's mark says it. `compared`: the version whose entries are most like those of the home. */
  readonly evidence: 'recorded' | 'compared'
  /** A registry without one was not made from shipped files. */
  readonly documents: ReadonlyMap<RegistryName, unknown>
}

/** Finds what was shipped when a home got its files: by its mark, else by comparing its entries with all versions. */
export function findBase(
  documents: HomeDocuments,
  mark: ShippedMark | undefined,
  history: ShippedHistory,
): ShippedBase {
  const recorded = new Map(
    [...documents.keys()].flatMap((name): [RegistryName, unknown][] => {
      const content = history.contents.get(mark?.files[name] ?? '')
      return content === undefined ? [] : [[name, content]]
    }),
  )
  if (mark !== undefined && recorded.size === documents.size)
    return { version: mark.version, evidence: 'recorded', documents: recorded }
  const nearest = findNearest(documents, history)
  const compared = [...documents].flatMap(([name, document]): [RegistryName, unknown][] => {
    const content = nearest && contentOf(nearest, name, history)
    const isShipped = content !== undefined && isDerived(name, document, content)
    return isShipped ? [[name, content]] : []
  })
  return {
    version: mark?.version ?? nearest?.version ?? null,
    evidence: 'compared',
    documents: new Map([...compared, ...recorded]),
  }
}

function contentOf({ files }: ShippedVersion, name: RegistryName, { contents }: ShippedHistory): unknown {
  return contents.get(files[name] ?? '')
}

/** The version with most entries that are the same in the home; of those the one with fewest that the home lacks. */
function findNearest(documents: HomeDocuments, history: ShippedHistory): ShippedVersion | undefined {
  const rated = history.versions.map(version => {
    const ratings = [...documents].map(([name, document]) =>
      compare(name, document, contentOf(version, name, history)),
    )
    const sum = (key: 'same' | 'missing') => ratings.reduce((total, rating) => total + rating[key], 0)
    return { version, same: sum('same'), missing: sum('missing') }
  })
  const [best] = rated
    .filter(({ same }) => same > 0)
    .toReversed()
    .sort((left, right) => right.same - left.same || left.missing - right.missing)
  return best?.version
}

// An empty registry may be one whose entries were all removed.
function isDerived(name: RegistryName, document: unknown, content: unknown): boolean {
  const { same, yours } = compare(name, document, content)
  return same > 0 || yours === 0
}

function compare(name: RegistryName, document: unknown, content: unknown) {
  const [own, base] = [listPlaces(name, document), listPlaces(name, content)]
  const inBoth = [...base].filter(([key]) => own.has(key))
  const same = inBoth.filter(([key, { value }]) => isSameJson(value, withoutDetection(own.get(key)?.value)))
  return { same: same.length, missing: base.size - inBoth.length, yours: own.size }
}
