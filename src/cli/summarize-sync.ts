import { loadGraph } from '../graph/load-graph.ts'
import { toSigns } from '../lib/terminal/signs.ts'
import { recallOverview } from '../readiness/explain.ts'
import type { RegistryHome } from '../registry/home/directories.ts'
import { entriesOf, type Snapshot } from '../registry/snapshot.ts'
import { toSyncView } from '../sync/render-report.ts'
import { renderSyncSummary } from '../sync/render-summary.ts'
import type { SyncResult } from '../sync/sync.ts'
import type { CommandContext } from './command-context.ts'

/** The result of a sync that was written, for a terminal. */
export async function summarizeSync(
  home: RegistryHome,
  { report, snapshot }: Pick<SyncResult, 'report' | 'snapshot'>,
  { config, host, style }: CommandContext,
): Promise<string> {
  const loaded = await loadGraph(home.directory, host)
  const { overview, callable } = await recallOverview({ ...loaded, platformRoot: config.platformRoot }, host)
  return renderSyncSummary(
    {
      ...toSyncView(report, snapshot),
      overview,
      callable: callable.length,
      machine: host.processes.hostName(),
      lastSync: findLastCheck(snapshot),
      now: host.clock.now(),
      userHome: host.userHome,
    },
    { style, signs: toSigns(host.env), width: host.stdout.columns },
  )
}

/** When something was detected in a home last, milliseconds since 1970; undefined when nothing was. */
function findLastCheck(snapshot: Snapshot): number | undefined {
  const times = (['tools', 'ml_frameworks', 'providers', 'microservices'] as const).flatMap(name =>
    Object.values<{ readonly detected?: { readonly checked_at: string } | undefined }>(
      entriesOf(snapshot, name),
    ).flatMap(({ detected }) => (detected ? [Date.parse(detected.checked_at)] : [])),
  )
  return times.length === 0 ? undefined : Math.max(...times)
}
