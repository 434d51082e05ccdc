import { mkdir } from 'node:fs/promises'
import nodePath from 'node:path'
import type { Host } from '../../../src/platform/host.ts'
import type { RegistryHome } from '../../../src/registry/home/directories.ts'
import { loadSnapshot } from '../../../src/registry/load/load-snapshot.ts'
import type { Snapshot } from '../../../src/registry/snapshot.ts'
import { createTestHost } from '../test-host.ts'
import { soundTexts, writeHome } from './valid-home.ts'

export type Entries = Readonly<Record<string, object>>

export interface DashboardHomeOptions {
  readonly tools?: Entries
  readonly providers?: Entries
  readonly system?: Entries
  readonly orchestrator?: Entries
  /** Of their own registries. */
  readonly services?: Entries
  readonly toolEntries?: Entries
  readonly frameworkEntries?: Entries
  readonly providerEntries?: Entries
}

/** A metric of the dashboard registry. */
export function metric(more: object = {}): object {
  return { display_name: 'Some', ui_component: 'gauge_meter', ...more }
}

/** A tool or framework, as it is shown. */
export function shownTool(more: object = {}): object {
  return { display_name: 'Some', category: 'container', ui_component: 'capability_badge', ...more }
}

/** What a sync found of something. */
export function detected(status: string, more: object = {}): object {
  return {
    detected: {
      status,
      path: null,
      version: null,
      evidence: null,
      reason: null,
      checked_at: '2026-11-23T08:00:00.000Z',
      ...more,
    },
  }
}

/** Writes a home with this dashboard into a directory. */
export async function writeDashboardHome(directory: string, options: DashboardHomeOptions): Promise<void> {
  const { tools = {}, providers = {}, system = {}, orchestrator = {} } = options
  const sections = {
    tools: { entries: tools },
    providers: { entries: providers },
    metrics: { system, orchestrator },
  }
  const text = (entries: Entries | undefined) => entries && JSON.stringify(entries)
  await mkdir(directory, { recursive: true, mode: 0o700 })
  await writeHome(directory, {
    ...soundTexts,
    dashboard: JSON.stringify({ version: '1.0.0', sections }),
    microservices: text(options.services) ?? soundTexts.microservices,
    tools: text(options.toolEntries) ?? soundTexts.tools,
    ml_frameworks: text(options.frameworkEntries) ?? soundTexts.ml_frameworks,
    providers: text(options.providerEntries) ?? soundTexts.providers,
  })
}

export interface DashboardHome {
  readonly home: RegistryHome
  readonly snapshot: Snapshot
}

/** A home with this dashboard below the directory of a test's host. */
export async function createDashboardHome(
  options: DashboardHomeOptions,
  { host, isTrusted = true }: { readonly host: Host & { directory: string }; readonly isTrusted?: boolean },
): Promise<DashboardHome> {
  const directory = nodePath.join(host.directory, 'home')
  await writeDashboardHome(directory, options)
  return {
    home: { directory, origin: isTrusted ? 'default' : 'flag' },
    snapshot: await loadSnapshot(directory, host),
  }
}

/** The snapshot of such a home. */
export async function loadDashboardHome(options: DashboardHomeOptions): Promise<Snapshot> {
  return (await createDashboardHome(options, { host: await createTestHost() })).snapshot
}
