import { NexusError } from '../lib/errors.ts'
import { byRegistry } from '../registry/by-registry.ts'
import type { FixedFault } from '../registry/diagnostic.ts'
import { type HomeFile, readHomeFiles } from '../registry/home/home-files.ts'
import { type FileChange, type HomeTexts, updateHome } from '../registry/home/update-home.ts'
import { type RegistryName, registryFiles, registryNames } from '../registry/schema/names.ts'
import { renewTrust } from '../security/trust.ts'
import { hashesOf } from '../security/trust-hashes.ts'
import { applyFixes } from './apply-fixes.ts'
import { findSchema } from './find-schema.ts'
import type { FixHost, FixOptions } from './fix-options.ts'
import { toTextSnapshot } from './partial-snapshot.ts'
import type { PlannedHome } from './plan.ts'

/** Puts right what has one answer in files of a home, under its lock. Trust in the home goes on: nothing that runs changes. */
export async function fixHome(
  home: PlannedHome,
  options: FixOptions,
  host: FixHost,
): Promise<readonly FixedFault[]> {
  const { directory } = home
  const files = await readFixable(home, host)
  const names = home.names.filter(name => files.some(file => file.name === name))
  const schemas = await findSchemas(directory, names, host)
  const plan = (texts: HomeTexts) => planFixes({ directory, names, texts, schemas }, options, host)
  const planned = plan(new Map(files.map(({ name, text }) => [name, text])))
  if (options.isDryRun || planned.texts.size === 0) return planned.faults
  // Under the lock the files may have become others: what counts is what was done then.
  let done = planned
  const edit = (texts: HomeTexts) => {
    done = plan(texts)
    return done.texts
  }
  const beforeCommit = (changes: readonly FileChange[]) =>
    renewTrust(directory, hashesOf('before', changes), hashesOf('after', changes), host)
  const read = files.map(({ name }) => name)
  await updateHome(directory, read, edit, host, { beforeCommit })
  return done.faults
}

async function readFixable({ directory, names }: PlannedHome, host: FixHost): Promise<HomeFile[]> {
  const files = await Promise.all(
    registryNames.map(async name => {
      const info = await host.fs.lstat(host.path.join(directory, registryFiles[name])).catch(() => undefined)
      const isReadable = info?.kind === 'file' || (info?.kind === 'link' && names.includes(name))
      return isReadable ? readHomeFiles(directory, [name], host).catch(toNoFile) : []
    }),
  )
  return files.flat().filter(({ isSound }) => isSound)
}

// What cannot be read keeps nothing else from being put right; that it is so is told when it is checked.
function toNoFile(error: unknown): HomeFile[] {
  if (error instanceof NexusError && error.code === 'input') return []
  throw error
}

async function findSchemas(directory: string, names: readonly RegistryName[], host: FixHost) {
  const found = await Promise.all(
    names.map(async name => [name, await findSchema(directory, name, host)] as const),
  )
  return new Map(found)
}

interface Fixable {
  readonly directory: string
  /** Registries to change. */
  readonly names: readonly RegistryName[]
  readonly texts: HomeTexts
  readonly schemas: ReadonlyMap<RegistryName, string | undefined>
}

interface Plan {
  readonly texts: ReadonlyMap<RegistryName, string>
  readonly faults: readonly FixedFault[]
}

function planFixes({ directory, names, texts, schemas }: Fixable, options: FixOptions, host: FixHost): Plan {
  const paths = byRegistry(name => host.path.join(directory, registryFiles[name]))
  const snapshot = toTextSnapshot(texts, paths)
  const fixed = names.flatMap(name => {
    const { text } = snapshot.registries[name]
    if (text === undefined) return []
    const { faults, ...result } = applyFixes(
      { name, text, snapshot, schema: schemas.get(name) },
      options.rules,
    )
    return [{ name, isChanged: result.text !== text, ...result, faults }]
  })
  const changed = fixed.filter(({ isChanged }) => isChanged)
  return {
    texts: new Map(changed.map(({ name, text }) => [name, text])),
    faults: changed.flatMap(({ name, faults }) => faults.map(fault => ({ file: paths[name], ...fault }))),
  }
}
