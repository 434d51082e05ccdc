import type { RegistryHome } from '../../core/home.ts'
import type { Host } from '../../core/host.ts'
import type { Ref } from '../../core/refs.ts'
import type { Detected } from '../../schema/detected.ts'
import { renewTrust, type TrustHashes } from '../../store/trust.ts'
import { type FileChange, updateHome } from '../../store/update-home.ts'
import { detectionsOf } from './to-sync-report.ts'
import { writeDetections } from './write-detections.ts'

/** Registries whose entries carry what was found. */
const detectedRegistries = ['tools', 'ml_frameworks'] as const

/** Writes detections into a home's files, all or nothing. Files in which nothing changes are not touched. */
export async function saveDetections(
  home: RegistryHome,
  detections: ReadonlyMap<Ref, Detected>,
  host: Host,
): Promise<void> {
  await updateHome(
    home.directory,
    detectedRegistries,
    texts =>
      new Map(
        detectedRegistries.flatMap(name => {
          const text = texts.get(name)
          return text === undefined ? [] : [[name, writeDetections(text, detectionsOf(name, detections))]]
        }),
      ),
    host,
    // Only `detected` changes here, so what the user has trusted stays trusted.
    {
      beforeCommit: changes =>
        renewTrust(home.directory, hashesOf('before', changes), hashesOf('after', changes), host),
    },
  )
}

function hashesOf(moment: 'before' | 'after', changes: readonly FileChange[]): TrustHashes {
  const hashOf = (name: FileChange['name']) => changes.find(change => change.name === name)?.[moment]?.sha256
  return { tools: hashOf('tools'), ml_frameworks: hashOf('ml_frameworks') }
}
