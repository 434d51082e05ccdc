import { renderCount } from '../lib/text/format.ts'
import { noLongerShipped } from './merge-place.ts'
import type { UpgradeState } from './upgrade.ts'
import type { UpgradeReport } from './upgrade-report.ts'

/** What there is to take, as `status --json` prints it: numbers of entries. Null when there is nothing. */
export interface UpgradeSummary {
  /** `newer`: the data of the home is that of a newer program. */
  readonly state: 'available' | 'newer'
  readonly from: string | null
  readonly to: string
  readonly created: number
  readonly updated: number
  readonly conflicts: number
}

/** Counts what there is to take. */
export function summarizeUpgrade(state: UpgradeState): UpgradeSummary | null {
  if (state.kind === 'current') return null
  if (state.kind === 'newer')
    return { state: 'newer', from: state.version, to: state.shipped, created: 0, updated: 0, conflicts: 0 }
  const { from, to, created, updated, conflicts } = state.report
  const counts = { created: created.length, updated: updated.length, conflicts: conflicts.length }
  return { state: 'available', from, to, ...counts }
}

/** One line about what there is to take, a sentence without its full stop. */
export function describeSummary({ state, from, to, ...counts }: UpgradeSummary): string {
  if (state === 'newer')
    return `the home has the data of nexus-registry ${from}, newer than this program (${to})`
  const { created, updated, conflicts } = counts
  const parts = [
    ...(created > 0 ? [`${renderCount(created, 'entry', 'entries')} to add`] : []),
    ...(updated > 0 ? [`${updated} to update`] : []),
    ...(conflicts > 0 ? [renderCount(conflicts, 'conflict')] : []),
  ]
  return `newer shipped data is available: ${parts.join(', ')}`
}

/** What to do about it. */
export function adviseUpgrade({ state }: UpgradeSummary): string {
  return state === 'newer' ? 'Update the program' : 'nexus-registry upgrade --dry-run shows it'
}

/** One line about an upgrade that nobody asked for. */
export function describeUnasked({ from, to, created, updated, kept, waiting }: UpgradeReport): string {
  const gone = kept.filter(({ reason }) => reason === noLongerShipped).length
  const parts = [
    ...(created.length > 0 ? [`${renderCount(created.length, 'entry', 'entries')} added`] : []),
    ...(updated.length > 0 ? [`${updated.length} updated`] : []),
    ...(gone > 0 ? [`${gone} no longer shipped and kept`] : []),
    ...(waiting.length > 0 ? [`${waiting.length} with your edits left: nexus-registry upgrade`] : []),
  ]
  return `Took newer shipped data (${from} → ${to}): ${parts.join(', ')}`
}
