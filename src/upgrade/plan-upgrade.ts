import { detectLayout, rewriteJson } from '../lib/json/edit-json.ts'
import { isJsonObject } from '../lib/json/json-value.ts'
import { parseJson } from '../lib/json/parse-json.ts'
import type { Host } from '../platform/host.ts'
import { readLocalEntries, renderEntries } from '../registry/entries.ts'
import { renderShippedMark, type ShippedData, type ShippedMark } from '../registry/home/shipped-mark.ts'
import { createKeyRank } from '../registry/schema/known-keys.ts'
import { isSubRegistry, mapNames, type RegistryName, registryNames } from '../registry/schema/names.ts'
import { findBase, type HomeDocuments } from './find-base.ts'
import { type ShippedHistory, withOwnContents } from './history.ts'
import type { MergePolicy, PlaceOutcome } from './merge-place.ts'
import {
  isChangedPlace,
  type MergedRegistry,
  mergeRegistry,
  setCounts,
  toDocument,
} from './merge-registry.ts'
import { refuseBroken, refuseUseless } from './refuse-places.ts'
import { toUpgradeReport, type UpgradeReport } from './upgrade-report.ts'

/** A home as it is before an upgrade. */
export interface HomeToUpgrade {
  /** By registry; undefined where there is no file. */
  readonly texts: ReadonlyMap<RegistryName, string | undefined>
  readonly mark: ShippedMark | undefined
  /** Why the file of a registry is left as it is, a clause. */
  readonly unusable: ReadonlyMap<RegistryName, string>
}

interface ShippedSource {
  readonly shipped: ShippedData
  readonly released: ShippedHistory
  /** The released versions and, as the last one, what is shipped now. */
  readonly history: ShippedHistory
  readonly sha256: Host['sha256']
}

export interface UpgradePlan {
  /** New texts of the files that change. */
  readonly texts: ReadonlyMap<RegistryName, string>
  /** New text of the mark; undefined when it stays. */
  readonly shippedMark: string | undefined
  readonly report: UpgradeReport
}

/** Plans to merge what is shipped now into a home, against what was shipped when the home got its files. */
export function planUpgrade(
  home: HomeToUpgrade,
  { shipped, released, history, sha256 }: ShippedSource,
  policy: MergePolicy,
): UpgradePlan {
  const { documents, skipped, isPartial } = parseHome(home)
  const base = findBase(documents, home.mark, withOwnContents(history, home.mark, { sha256 }))
  const current = history.versions.at(-1)?.files ?? {}
  const merged = [...documents].flatMap(([name, yours]) => {
    const old = base.documents.get(name)
    if (old === undefined) return []
    const states = { base: old, yours, shipped: history.contents.get(current[name] ?? '') }
    const open = home.mark?.open.filter(({ registry }) => registry === name) ?? []
    return [mergeRegistry(name, states, open, policy)]
  })
  const checked = refuseUseless(merged).map(refuseBroken)
  const counts = countEntries(documents, checked)
  const registries = checked.map(registry => setCounts(registry, counts))
  const foreign = [...documents.keys()].filter(name => !base.documents.has(name))
  const left = new Map([...skipped, ...foreign.map((name): [RegistryName, string] => [name, neverShipped])])
  const mark: ShippedMark = {
    version: home.mark?.data === shipped.sha256 ? home.mark.version : shipped.version,
    data: isPartial ? null : shipped.sha256,
    files: {
      ...home.mark?.files,
      ...Object.fromEntries(registries.map(({ name }) => [name, current[name]])),
    },
    contents: {
      ...pick(home.mark?.contents ?? {}, name => left.has(name)),
      ...pick(
        mapNames(registryNames, name => history.contents.get(current[name] ?? '')),
        name => !left.has(name) && !released.contents.has(current[name] ?? ''),
      ),
    },
    open: [
      ...registries.flatMap(toOpenPlaces),
      ...(home.mark?.open.filter(({ registry }) => left.has(registry)) ?? []),
    ],
  }
  const facts = { from: base.version, to: shipped.version, base: base.evidence, skipped: left }
  return {
    texts: renderAll(registries, home.texts, shipped),
    shippedMark: toNewText(home.mark, mark),
    report: toUpgradeReport(
      registries.flatMap(({ places }) => places),
      facts,
    ),
  }
}

type Contents = ShippedMark['contents']

function pick(contents: Contents, isWanted: (name: RegistryName) => boolean): Contents {
  const names = registryNames.filter(name => contents[name] !== undefined && isWanted(name))
  return Object.fromEntries(names.map(name => [name, contents[name]]))
}

const neverShipped = 'none of its entries was ever shipped'

interface ParsedHome {
  readonly documents: HomeDocuments
  readonly skipped: ReadonlyMap<RegistryName, string>
  /** Whether a file may be usable later. */
  readonly isPartial: boolean
}

// What cannot be read without a loss is left to a person.
function parseHome({ texts, unusable }: HomeToUpgrade): ParsedHome {
  const documents = new Map<RegistryName, unknown>()
  const skipped = new Map(unusable)
  for (const name of registryNames.filter(each => !unusable.has(each))) {
    const text = texts.get(name)
    const { root, value, errors } = parseJson(text ?? '')
    if (text === undefined) skipped.set(name, 'its file is missing')
    else if (root?.kind === 'object' && errors.length === 0) documents.set(name, value)
    else skipped.set(name, `its file is not valid: ${errors[0]?.message ?? 'it is no object'}`)
  }
  const isPartial = skipped.size > 0
  for (const [name, url] of listUpstreams(documents.get('hyper')))
    if (documents.delete(name)) skipped.set(name, `its upstream ${url} keeps it`)
  return { documents, skipped, isPartial }
}

function listUpstreams(hyper: unknown): [RegistryName, string][] {
  const listed = isJsonObject(hyper) ? hyper.sub_registries : undefined
  if (!isJsonObject(listed)) return []
  return registryNames.flatMap((name): [RegistryName, string][] => {
    const entry = listed[name]
    if (!isJsonObject(entry) || typeof entry.url !== 'string' || entry.sync_enabled === false) return []
    return [[name, entry.url]]
  })
}

function countEntries(
  documents: HomeDocuments,
  registries: readonly MergedRegistry[],
): ReadonlyMap<string, number> {
  const isEntry = (key: string) => key !== '$schema'
  const here = [...documents].map(([name, document]): [string, number] => [
    name,
    isJsonObject(document) ? Object.keys(document).filter(isEntry).length : 0,
  ])
  const after = registries.map(({ name, places }): [string, number] => [
    name,
    places.filter(({ outcome }) => outcome.value !== undefined).length,
  ])
  return new Map(
    [...here, ...after].filter(([name]) => registryNames.some(each => each === name && isSubRegistry(each))),
  )
}

function isOpen(outcome: PlaceOutcome): boolean {
  return outcome.kind === 'waiting' || (outcome.kind === 'kept' && outcome.isOpen === true)
}

function toOpenPlaces({ name, places }: MergedRegistry): ShippedMark['open'] {
  return places.flatMap(({ path, base, outcome }) =>
    isOpen(outcome) ? [{ registry: name, path, base }] : [],
  )
}

function renderAll(
  registries: readonly MergedRegistry[],
  texts: HomeToUpgrade['texts'],
  shipped: ShippedData,
): UpgradePlan['texts'] {
  return new Map(
    registries.flatMap((registry): [RegistryName, string][] => {
      const { name } = registry
      const text = renderMerged(registry, { yours: texts.get(name) ?? '', shipped: shipped.texts[name] })
      return text === undefined ? [] : [[name, text]]
    }),
  )
}

function toNewText(before: ShippedMark | undefined, after: ShippedMark): string | undefined {
  const text = renderShippedMark(after)
  return before !== undefined && renderShippedMark(before) === text ? undefined : text
}

interface RegistryTexts {
  /** As it is in the home. */
  readonly yours: string
  readonly shipped: string
}

/**
 * New text of a registry's file; undefined when it stays. A file without edits becomes the shipped one, to the byte but
 * for what was found on this machine; in any other file everything that stays keeps its place and its own text.
 */
function renderMerged(registry: MergedRegistry, { yours, shipped }: RegistryTexts): string | undefined {
  if (!registry.places.some(isChangedPlace)) return undefined
  const { name, isUnedited } = registry
  const source = isUnedited && isSameLayout(yours, shipped) ? shipped : yours
  const document = toDocument(registry)
  if (!isSubRegistry(name)) return rewriteJson(source, document)
  const { $schema: _, ...entries } = document
  return renderEntries(readLocalEntries(source), new Map(Object.entries(entries)), createKeyRank(name))
}

function isSameLayout(left: string, right: string): boolean {
  const [own, other] = [detectLayout(left), detectLayout(right)]
  return own.indent === other.indent && own.newline === other.newline
}
