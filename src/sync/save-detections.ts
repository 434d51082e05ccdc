import type { SyncReport } from '../detection/report.ts'
import type { TargetFindings } from '../detection/services/targets.ts'
import type { HomeFindings } from '../env/variables.ts'
import { editJson } from '../lib/json/edit-json.ts'
import { findJsonNode, type JsonNode, toValue } from '../lib/json/json-node.ts'
import { isJsonObject } from '../lib/json/json-value.ts'
import type { Host } from '../platform/host.ts'
import type { RegistryHome } from '../registry/home/directories.ts'
import { type FileChange, updateHome } from '../registry/home/update-home.ts'
import { openValidationCache } from '../registry/load/validation-cache.ts'
import { parseRef, type Ref } from '../registry/refs.ts'
import type { Detected } from '../registry/schema/detected.ts'
import { isExtension } from '../registry/schema/extensions.ts'
import { observedRegistryNames, type RegistryName } from '../registry/schema/names.ts'
import { entriesOf } from '../registry/snapshot.ts'
import { hashesOf, renewTrust } from '../security/trust.ts'

/** What was found on this machine, and about its targets. */
interface SavedFindings extends HomeFindings {
  readonly targets: TargetFindings
}

/**
 * Writes detections into a home's files, all or nothing. Files without changes are not touched. Returns whether the
 * files were still those of the snapshot: then they contain the findings of this sync and nothing else.
 */
export async function saveDetections(
  home: RegistryHome,
  { snapshot, detections, targets }: SavedFindings,
  host: Host,
): Promise<boolean> {
  const found = findingsByRegistry(detections, targets)
  const probed = observedRegistryNames.filter(name => Object.keys(found[name]).length > 0)
  // Findings about the entries of a backup are not written into the file that it replaces.
  const names = probed.filter(name => snapshot.registries[name].state === 'ok')
  const isWhole = names.length === probed.length
  if (names.length === 0) return isWhole
  const changes = await updateHome(
    home.directory,
    names,
    texts =>
      new Map(
        names.flatMap(name => {
          const text = texts.get(name)
          const findings = { detections: found[name], entries: entriesOf(snapshot, name) }
          return text === undefined ? [] : [[name, writeDetections(text, findings, host.clock.now())]]
        }),
      ),
    host,
    // Only `detected` changes, so trust is renewed.
    {
      beforeCommit: changes =>
        renewTrust(home.directory, hashesOf('before', changes), hashesOf('after', changes), host),
    },
  )
  await cacheValidation(home.directory, changes, host)
  return isWhole && changes.every(({ name, before }) => before?.sha256 === snapshot.registries[name].sha256)
}

// Detections conform to the schema by their type, so a file that was valid before stays valid.
async function cacheValidation(home: string, changes: readonly FileChange[], host: Host): Promise<void> {
  const cache = await openValidationCache(home, host)
  for (const { name, before, after } of changes) {
    if (before && cache.isValid(`${name} ${before.sha256}`)) cache.add(`${name} ${after.sha256}`)
  }
  await cache.save()
}

/** The findings of a sync, by registry and id. */
export function findingsByRegistry(
  detections: ReadonlyMap<Ref, Detected>,
  { microservices, providers }: TargetFindings,
): SyncReport['detections'] {
  return {
    tools: detectionsOf('tools', detections),
    ml_frameworks: detectionsOf('ml_frameworks', detections),
    microservices,
    providers,
  }
}

function detectionsOf(
  registry: RegistryName,
  detections: ReadonlyMap<Ref, Detected>,
): Readonly<Record<string, Detected>> {
  return Object.fromEntries(
    [...detections].flatMap(([ref, detected]) => {
      const parts = parseRef(ref)
      return parts?.registry === registry ? [[parts.id, detected]] : []
    }),
  )
}

/** Something that was found, and when. */
interface Dated {
  readonly checked_at: string
}

/** What was found in one registry, by id. */
interface RegistryFindings {
  readonly detections: Readonly<Record<string, Dated>>
  /** The entries as the probes read them. */
  readonly entries: Readonly<Record<string, unknown>>
}

/**
 * The text of a registry with new detections in its entries, and everything else unchanged. Skips entries that were
 * removed or changed meanwhile, or probed later by another sync. A new `detected` comes where `validate --fix` wants it:
 * after the known keys, before `x-` keys. `now` is the wall clock, milliseconds since 1970.
 */
export function writeDetections(
  text: string,
  { detections, entries }: RegistryFindings,
  now: number,
): string {
  return editJson(text, root =>
    Object.entries(detections)
      .filter(([id, detected]) => {
        const entry = readEntry(root, id)
        return (
          isSameRequest(entry, Object.hasOwn(entries, id) ? entries[id] : undefined) &&
          !isLater(entry?.detected, detected, now)
        )
      })
      .map(([id, detected]) => ({ parent: [id], key: 'detected', value: detected, isBefore: isExtension })),
  )
}

function readEntry(root: JsonNode, id: string): Readonly<Record<string, unknown>> | undefined {
  const node = findJsonNode(root, [id])
  const entry = node && toValue(node)
  return isJsonObject(entry) ? entry : undefined
}

function isSameRequest(entry: unknown, probed: unknown): boolean {
  return (
    isJsonObject(entry) && isJsonObject(probed) && toDetectionRequest(entry) === toDetectionRequest(probed)
  )
}

function toDetectionRequest(entry: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ ...entry, detected: undefined })
}

// A time in the future is from before the clock was set back.
function isLater(existing: unknown, detected: Dated, now: number): boolean {
  if (!isJsonObject(existing) || typeof existing.checked_at !== 'string') return false
  const checkedAt = Date.parse(existing.checked_at)
  return checkedAt > Date.parse(detected.checked_at) && checkedAt <= now
}
