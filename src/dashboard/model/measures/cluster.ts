import { createCommandRunner } from '../../../detection/command-runner.ts'
import { toKubeconfigFiles } from '../../../detection/kubernetes/kubernetes.ts'
import { createProgramFinder } from '../../../detection/programs/program-finder.ts'
import { toCleanText } from '../../../lib/text/text.ts'
import type { Host, ProcessResult } from '../../../platform/host.ts'
import { listDashboardItems } from '../../../registry/dashboard-items.ts'
import type { Snapshot } from '../../../registry/snapshot.ts'
import { type CreateMeasure, type InUnit, type Measure, type MetricSample, toShare } from '../sampler.ts'
import { findMetric } from '../to-card.ts'

/** Runs kubectl with these arguments. */
type RunKubectl = (args: readonly string[]) => Promise<ProcessResult>

type Unknown = Extract<InUnit, { value: null }>

/** All pods of all namespaces, by `kubectl get`'s output of names: a line for each. */
async function countPods(ask: RunKubectl): Promise<InUnit> {
  return countLines(await ask(['get', 'pods', '--all-namespaces', '--output=name']))
}

/** All nodes. */
async function countNodes(ask: RunKubectl): Promise<InUnit> {
  return countLines(await ask(['get', 'nodes', '--output=name']))
}

function countLines(result: ProcessResult): InUnit {
  return explainFailure(result) ?? { value: toLines(result.stdout).length }
}

/**
 * Share of the memory that nodes have for pods which is in use: `kubectl top nodes` tells what is used, where a metrics
 * server runs, and each node itself what it has.
 */
async function readMemoryShare(ask: RunKubectl): Promise<InUnit | { readonly share: number }> {
  const columns = 'NAME:.metadata.name,MEMORY:.status.allocatable.memory'
  const [usage, sizes] = await Promise.all([
    ask(['top', 'nodes', '--no-headers']),
    ask(['get', 'nodes', '--no-headers', `--output=custom-columns=${columns}`]),
  ])
  const failure = explainFailure(usage) ?? explainFailure(sizes)
  if (failure !== undefined) return failure
  const used = toAmounts(usage.stdout, 3)
  // A node without a figure of its use is left out of both sums.
  const pairs = [...toAmounts(sizes.stdout, 1)].flatMap(([name, size]) => {
    const amount = used.get(name)
    return amount === undefined ? [] : [{ amount, size }]
  })
  const whole = pairs.reduce((total, { size }) => total + size, 0)
  if (whole === 0) return { value: null, reason: 'the cluster reports the memory use of no node' }
  return { share: pairs.reduce((total, { amount }) => total + amount, 0) / whole }
}

/** Amounts in a column of a table, by the name that its line begins with. */
function toAmounts(text: string, column: number): Map<string, number> {
  return new Map(
    toLines(text).flatMap((line): [string, number][] => {
      const cells = line.split(/\s+/)
      const [name = '', bytes] = [cells[0], toBytes(cells[column] ?? '')]
      return bytes === undefined ? [] : [[name, bytes]]
    }),
  )
}

// Kubernetes documentation, "Resource Management": E, P, T, G, M, k, or Ei, Pi, Ti, Gi, Mi, Ki; m stands for a thousandth.
const suffixes: Readonly<Record<string, number>> = {
  '': 1,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
}

function toBytes(text: string): number | undefined {
  const [, digits, suffix = ''] = /^(\d{1,18}(?:\.\d{1,9})?)([a-zA-Z]{0,2})$/.exec(text) ?? []
  const factor = suffixes[suffix]
  return digits === undefined || factor === undefined ? undefined : Number(digits) * factor
}

function toLines(text: string): string[] {
  return text.split('\n').filter(line => line.trim() !== '')
}

// kubectl tells of each attempt in a line of its log, `E1128 03:04:24.732828 …`, and last in words.
function explainFailure({ outcome, exitCode, stderr, truncated }: ProcessResult): Unknown | undefined {
  if (outcome === 'timed-out') return { value: null, reason: 'kubectl did not respond in time' }
  if (truncated) return { value: null, reason: 'kubectl has more to say than is read' }
  if (outcome === 'exited' && exitCode === 0) return undefined
  const said = toLines(stderr).filter(line => !/^[EWI]\d{4} /.test(line))
  const last = toCleanText(said.at(-1) ?? '').replace(/^error: /, '')
  return { value: null, reason: last === '' ? 'kubectl failed without a word' : `kubectl: ${last}` }
}

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
    const found = await queryCluster(wanted, snapshot, host)
    const at = host.clock.now()
    return new Map(wanted.map((id, index) => [`cluster/${id}`, toSample(at, found[index])]))
  }
}

function toSample(at: number, found: InUnit | undefined): MetricSample {
  return { at, ...(found ?? { value: null, reason: 'kubectl was not queried' }) }
}

function listClusterMetrics(snapshot: Snapshot): string[] {
  const ids = listDashboardItems(snapshot).flatMap(item =>
    item.section === 'tools' && item.entry.ui_component === 'cluster_status_card'
      ? (item.entry.metrics ?? [])
      : [],
  )
  return [...new Set(ids)]
}

const clusterQueries: Readonly<
  Record<string, (ask: RunKubectl) => Promise<InUnit | { readonly share: number }>>
> = {
  pod_count: countPods,
  node_count: countNodes,
  memory_usage: readMemoryShare,
}

async function queryCluster(wanted: readonly string[], snapshot: Snapshot, host: Host): Promise<InUnit[]> {
  const { result: kubectl } = await createProgramFinder(host).find('kubectl')
  if (kubectl?.kind !== 'found') {
    return wanted.map(() => ({ value: null, reason: 'kubectl is not available' }))
  }
  const runner = createCommandRunner(4, host)
  // It runs in another directory, where relative names would mean other files.
  const env = { KUBECONFIG: toKubeconfigFiles(host).join(host.path.delimiter) }
  const ask: RunKubectl = async args =>
    runner.run([kubectl.target, ...args, `--request-timeout=${requestSeconds}s`], {
      timeoutMs,
      env,
      maxOutputBytes: outputBytes,
    })
  try {
    return await Promise.all(wanted.map(id => toReadings(id, { ask, snapshot })))
  } finally {
    await runner.dispose()
  }
}

async function toReadings(
  id: string,
  { ask, snapshot }: { readonly ask: RunKubectl; readonly snapshot: Snapshot },
): Promise<InUnit> {
  const question = Object.hasOwn(clusterQueries, id) ? clusterQueries[id] : undefined
  if (question === undefined) return { value: null, reason: `there is no way to query a cluster for ${id}` }
  const found = await question(ask)
  return 'share' in found ? toShare(found.share, findMetric(id, snapshot)?.unit) : found
}
