import type { PeerFindings } from '../detection/services/look-at-peers.ts'
import type { HomeFindings } from '../env/home-findings.ts'
import type { Host } from '../platform/host.ts'
import type { RegistryHome } from '../registry/home/home.ts'
import { type FileChange, updateHome } from '../registry/home/update-home.ts'
import { openSoundNotes } from '../registry/load/sound-notes.ts'
import { observedRegistryNames } from '../registry/schema/names.ts'
import { entriesOf } from '../registry/snapshot.ts'
import { renewTrust } from '../security/trust.ts'
import { hashesOf } from '../security/trust-hashes.ts'
import { findingsByRegistry } from './findings-by-registry.ts'
import { writeDetections } from './write-detections.ts'

/** What was found on this machine, and of what it talks to. */
export interface SavedFindings extends HomeFindings {
  readonly peers: PeerFindings
}

/**
 * Writes detections into a home's files, all or nothing. Files in which nothing changes are not touched. Answers
 * whether the files were still those of the snapshot, so that they now hold what this sync has found and nothing else.
 */
export async function saveDetections(
  home: RegistryHome,
  { snapshot, detections, peers }: SavedFindings,
  host: Host,
): Promise<boolean> {
  const found = findingsByRegistry(detections, peers)
  const asked = observedRegistryNames.filter(name => Object.keys(found[name]).length > 0)
  // What is found of a copy's entries is not written into the file that it stands in for.
  const names = asked.filter(name => snapshot.registries[name].state === 'ok')
  const isWhole = names.length === asked.length
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
    // Only `detected` changes here, so what the user has trusted stays trusted.
    {
      beforeCommit: changes =>
        renewTrust(home.directory, hashesOf('before', changes), hashesOf('after', changes), host),
    },
  )
  await noteSound(home.directory, changes, host)
  return isWhole && changes.every(({ name, before }) => before?.sha256 === snapshot.registries[name].sha256)
}

// A detection has the shape of its schema by its type, so a file that was sound before it was written in still is.
async function noteSound(home: string, changes: readonly FileChange[], host: Host): Promise<void> {
  const notes = await openSoundNotes(home, host)
  for (const { name, before, after } of changes) {
    if (before && notes.isSound(`${name} ${before.sha256}`)) notes.add(`${name} ${after.sha256}`)
  }
  await notes.save()
}
