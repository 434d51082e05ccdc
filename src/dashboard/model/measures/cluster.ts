import { createCommandRunner } from '../../../detection/command-runner.ts'
import { toKubeconfigFiles } from '../../../detection/kubernetes/kubeconfig-files.ts'
import { createProgramFinder } from '../../../detection/programs/program-finder.ts'
import type { Host } from '../../../platform/host.ts'
import { listDashboardItems } from '../../../registry/dashboard-items.ts'
import type { Snapshot } from '../../../registry/snapshot.ts'
import type { Measure } from '../sampler.ts'
import type { MetricSample } from '../samples.ts'
import { findMetric } from '../to-reading.ts'
import { type AskKubectl, countNodes, countPods, readMemoryShare } from './ask-kubectl.ts'
import type { CreateMeasure } from './create-measure.ts'
import { type InUnit, toShare } from './to-unit.ts'

/** A server may let a request wait; kubectl itself needs a moment besides. */
const requestSeconds = 3
const timeoutMs = 5000
/** Names of pods are at most 258 bytes, and a cluster is made for 150 000 of them. */
const outputBytes = 40 * 1024 * 1024

/** Pods, nodes and memory of the cluster of the current context. It is asked only when the user wants that. */
export const createClusterMeasure: CreateMeasure = ({ isDeep }, host): Measure => {
  return async snapshot => {
    const wanted = listClusterMetrics(snapshot)
    if (!isDeep || wanted.length === 0) return new Map()
    const found = await askCluster(wanted, snapshot, host)
    const at = host.clock.now()
    return new Map(wanted.map((id, index) => [`cluster/${id}`, toSample(at, found[index])]))
  }
}

function toSample(at: number, found: InUnit | undefined): MetricSample {
  return { at, ...(found ?? { value: null, reason: 'kubectl was not asked for it' }) }
}

function listClusterMetrics(snapshot: Snapshot): string[] {
  const ids = listDashboardItems(snapshot).flatMap(item =>
    item.section === 'tools' && item.entry.ui_component === 'cluster_status_card'
      ? (item.entry.metrics ?? [])
      : [],
  )
  return [...new Set(ids)]
}

const questions: Readonly<Record<string, (ask: AskKubectl) => Promise<InUnit | { readonly share: number }>>> =
  {
    pod_count: countPods,
    node_count: countNodes,
    memory_usage: readMemoryShare,
  }

async function askCluster(wanted: readonly string[], snapshot: Snapshot, host: Host): Promise<InUnit[]> {
  const { result: kubectl } = await createProgramFinder(host).find('kubectl')
  if (kubectl?.kind !== 'found') {
    return wanted.map(() => ({ value: null, reason: 'there is no kubectl that could be asked' }))
  }
  const runner = createCommandRunner(4, host)
  // It runs in another directory, where relative names would mean other files.
  const env = { KUBECONFIG: toKubeconfigFiles(host).join(host.path.delimiter) }
  const ask: AskKubectl = async args =>
    runner.run([kubectl.target, ...args, `--request-timeout=${requestSeconds}s`], {
      timeoutMs,
      env,
      maxOutputBytes: outputBytes,
    })
  try {
    return await Promise.all(wanted.map(id => answer(id, { ask, snapshot })))
  } finally {
    await runner.dispose()
  }
}

async function answer(
  id: string,
  { ask, snapshot }: { readonly ask: AskKubectl; readonly snapshot: Snapshot },
): Promise<InUnit> {
  const question = Object.hasOwn(questions, id) ? questions[id] : undefined
  if (question === undefined) return { value: null, reason: `nobody knows how to ask a cluster for ${id}` }
  const found = await question(ask)
  return 'share' in found ? toShare(found.share, findMetric(id, snapshot)?.unit) : found
}
