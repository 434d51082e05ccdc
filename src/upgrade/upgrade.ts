import { commitEdit } from '../journal/commit-edit.ts'
import { errorMessage, NexusError } from '../lib/errors.ts'
import { compareVersions } from '../lib/version/versions.ts'
import type { Host, UserFilesHost } from '../platform/host.ts'
import {
  isMarkedCurrent,
  loadShippedData,
  loadShippedMark,
  type ShippedData,
  type ShippedMark,
} from '../registry/home/shipped-mark.ts'
import { type HomeContent, readHomeFiles, type UpdateHost } from '../registry/home/update-home.ts'
import { type RegistryName, registryNames } from '../registry/schema/names.ts'
import type { MergePolicy } from './merge-place.ts'
import type { UpgradePlan } from './plan-upgrade.ts'
import { hasNews, type UpgradeReport } from './upgrade-report.ts'

type UpgradeHost = UpdateHost & UserFilesHost & Pick<Host, 'programRoot'>

/** What there is to take from the shipped data. `newer`: the data of the home is that of a newer program. */
export type UpgradeState =
  | { readonly kind: 'current' }
  | { readonly kind: 'newer'; readonly version: string; readonly shipped: string }
  | { readonly kind: 'available'; readonly report: UpgradeReport }

/** Finds out what an upgrade would change. Writes nothing; parses nothing where the home has the shipped data. */
export async function findUpgrade(directory: string, host: UpgradeHost): Promise<UpgradeState> {
  const pending = await openUpgrade(directory, host)
  const { relation, version, shipped } = pending
  if (relation === 'newer' && version !== undefined)
    return { kind: 'newer', version, shipped: shipped.version }
  if (relation === 'current' || relation === 'own') return { kind: 'current' }
  const { report } = await previewUpgrade(pending, byRequest, host)
  return hasNews(report) ? { kind: 'available', report } : { kind: 'current' }
}

/**
 * Takes additions, and changes of entries without edits, into the default home. Returns undefined when there was
 * nothing to take. Throws a NexusError, and then the old files stay.
 */
export async function upgradeUnasked(
  directory: string,
  host: UpgradeHost,
): Promise<UpgradeReport | undefined> {
  const pending = await openUpgrade(directory, host)
  if (pending.relation !== 'differs') return undefined
  const report = await applyUpgrade(pending, { isAutomatic: true }, host)
  return hasNews(report) ? report : undefined
}

/** Plans an upgrade that a person asks for. Throws a NexusError when the data of the home is newer than the program. */
export async function planHomeUpgrade(directory: string, host: UpgradeHost): Promise<UpgradeReport> {
  const { report } = await previewUpgrade(await openRequested(directory, host), byRequest, host)
  return report
}

/** Upgrades a home, all files or none, and returns what was changed. Throws like `planHomeUpgrade`. */
export async function upgradeHome(directory: string, host: UpgradeHost): Promise<UpgradeReport> {
  return applyUpgrade(await openRequested(directory, host), byRequest, host)
}

const byRequest: MergePolicy = { isAutomatic: false }

interface PendingUpgrade {
  readonly directory: string
  readonly shipped: ShippedData
  /** Version of the program whose data the home has, where it says so. */
  readonly version: string | undefined
  /**
   * How the data of the home relates to what is shipped. `same`: only entries are left that were not merged.
   * `own`: these are the shipped files themselves.
   */
  readonly relation: 'current' | 'same' | 'differs' | 'newer' | 'own'
}

async function openUpgrade(directory: string, host: UpgradeHost): Promise<PendingUpgrade> {
  const shipped = await loadShippedData(host)
  if (await isMarkedCurrent(directory, shipped, host))
    return { directory, shipped, version: undefined, relation: 'current' }
  const mark = await loadShippedMark(directory, host)
  const relation = await relate(directory, shipped, mark, host)
  return { directory, shipped, version: mark?.version, relation }
}

async function relate(
  directory: string,
  shipped: ShippedData,
  mark: ShippedMark | undefined,
  { fs, path, programRoot }: UpgradeHost,
): Promise<PendingUpgrade['relation']> {
  if (mark?.data === shipped.sha256) return mark.open.length === 0 ? 'current' : 'same'
  if (mark !== undefined)
    return (await compareVersions(mark.version, shipped.version)) > 0 ? 'newer' : 'differs'
  const places = [directory, path.join(programRoot, 'registries')]
  const [home, own] = await Promise.all(places.map(each => fs.realPath(each).catch(() => each)))
  return home === own ? 'own' : 'differs'
}

async function openRequested(directory: string, host: UpgradeHost): Promise<PendingUpgrade> {
  const pending = await openUpgrade(directory, host)
  const { relation, version, shipped } = pending
  if (relation !== 'newer' || version === undefined) return pending
  const message = `${directory} has the data of nexus-registry ${version}, newer than this program (${shipped.version}). Nothing was changed`
  throw new NexusError('home', message, {
    hint: 'Update the program: nexus-registry --version shows which one this is',
  })
}

/** Files of a home that can be upgraded, and why the others cannot. */
interface UsableFiles {
  readonly texts: HomeContent
  readonly unusable: ReadonlyMap<RegistryName, string>
}

async function readUsableFiles(directory: string, host: UpgradeHost): Promise<UsableFiles> {
  const texts = new Map<RegistryName, string | undefined>()
  const unusable = new Map<RegistryName, string>()
  for (const name of registryNames) {
    try {
      const [file] = await readHomeFiles(directory, [name], host)
      if (file?.isValid) texts.set(name, file.text)
      else unusable.set(name, 'its file is not UTF-8')
    } catch (error) {
      if (!(error instanceof NexusError)) throw error
      unusable.set(name, errorMessage(error))
    }
  }
  return { texts, unusable }
}

async function createPlanner(shipped: ShippedData, policy: MergePolicy, host: UpgradeHost) {
  const [{ planUpgrade }, { loadHistory, withShipped }] = await Promise.all([
    import('./plan-upgrade.ts'),
    import('./history.ts'),
  ])
  const released = await loadHistory(host)
  const source = { shipped, released, history: withShipped(released, shipped, host), sha256: host.sha256 }
  return (files: UsableFiles, mark: ShippedMark | undefined): UpgradePlan =>
    planUpgrade({ ...files, mark }, source, policy)
}

async function previewUpgrade(
  { directory, shipped }: PendingUpgrade,
  policy: MergePolicy,
  host: UpgradeHost,
): Promise<UpgradePlan> {
  const plan = await createPlanner(shipped, policy, host)
  return plan(await readUsableFiles(directory, host), await loadShippedMark(directory, host))
}

async function applyUpgrade(
  { directory, shipped, relation }: PendingUpgrade,
  policy: MergePolicy,
  host: UpgradeHost,
): Promise<UpgradeReport> {
  const [toPlan, { texts, unusable }] = await Promise.all([
    createPlanner(shipped, policy, host),
    readUsableFiles(directory, host),
  ])
  if (relation === 'own') return toPlan({ texts, unusable }, undefined).report
  const { plan } = await commitEdit(
    directory,
    {
      command: 'upgrade',
      names: [...texts.keys()],
      plan: async current => toPlan({ texts: current, unusable }, await loadShippedMark(directory, host)),
    },
    host,
  )
  return plan.report
}
