import { toShellWord } from '../../lib/shell/quote.ts'
import type { Host } from '../../platform/host.ts'
import { describeData, describeOldData, findDataAges, oldDataHint } from '../../registry/data-age.ts'
import { loadSnapshot } from '../../registry/load/load-snapshot.ts'
import { registryNames, trustedRegistryNames } from '../../registry/schema/names.ts'
import type { Snapshot } from '../../registry/snapshot.ts'
import { evaluateTrust, loadedHashes } from '../../security/trust.ts'
import type { HealthFinding } from '../../sync/health.ts'
import { adviseUpgrade, describeSummary, summarizeUpgrade } from '../../upgrade/describe-upgrade.ts'
import { findUpgrade } from '../../upgrade/upgrade.ts'
import type { Check } from '../check.ts'

/** Whether the registry home can be read and may run its commands. */
export const homeCheck: Check = {
  name: 'home',
  run: async context => {
    const { host } = context
    const home = await context.requireHome()
    const snapshot = await loadSnapshot(home.directory, host)
    const hashes = loadedHashes(snapshot.registries, trustedRegistryNames)
    const { reason } = await evaluateTrust(home, hashes, host)
    const findings: HealthFinding[] = [checkFiles(home.directory, snapshot), ...checkData(snapshot, host)]
    if (reason !== null)
      findings.push({
        status: 'warning',
        message: reason,
        hint: `nexus-registry trust ${toShellWord(home.directory)}`,
      })
    if (home.whyShipped !== undefined)
      findings.push({
        status: 'warning',
        message: `using the shipped registries, and saving nothing: ${home.whyShipped}`,
        hint: 'Use a writable directory: --home DIR, NEXUS_REGISTRY_HOME or XDG_DATA_HOME',
      })
    else if (!(await host.fs.isWritable(home.directory)))
      findings.push({
        status: 'warning',
        message: `${home.directory} is not writable: detections are not saved`,
        hint: null,
      })
    return [...findings, ...(await checkShippedData(home.directory, host))]
  },
}

function checkData(snapshot: Snapshot, { clock }: Pick<Host, 'clock'>): HealthFinding[] {
  return findDataAges(snapshot, clock.now()).map(age =>
    age.is_old
      ? { status: 'warning', message: describeOldData(age), hint: oldDataHint }
      : { status: 'ok', message: describeData(age), hint: null },
  )
}

async function checkShippedData(directory: string, host: Host): Promise<HealthFinding[]> {
  const summary = summarizeUpgrade(await findUpgrade(directory, host))
  if (summary === null) return []
  return [{ status: 'note', message: describeSummary(summary), hint: adviseUpgrade(summary) }]
}

function checkFiles(directory: string, { registries }: Snapshot): HealthFinding {
  const broken = registryNames.filter(name => registries[name].diagnostics.length > 0)
  if (broken.length === 0)
    return {
      status: 'ok',
      message: `${directory} has all ${registryNames.length} registries, and they are valid`,
      hint: null,
    }
  const message = `${directory} has errors in ${broken.join(', ')}`
  return { status: 'error', message, hint: `nexus-registry validate ${toShellWord(directory)}` }
}
