import { expect, test } from 'vitest'
import { createClusterMeasure } from '../../../src/dashboard/model/measures/cluster.ts'
import type { ProcessRequest } from '../../../src/platform/host.ts'
import { createBench } from '../../support/bench.ts'
import { createDashboardHome, metric, shownTool } from '../../support/homes/dashboard-home.ts'

const hanging = 'sleep 60'
const metrics = ['pod_count', 'node_count', 'memory_usage']

// Forms of output: kubectl reference, `kubectl get` (name and custom-columns) and `kubectl top node`.
const kubectl = `case "$*" in
*' pods '*--output=name*) printf 'pod/coredns-5d78c9869d-2xv4k\\npod/etcd-control-plane\\npod/web-0\\n';;
*' nodes '*--output=name*) printf 'node/one\\nnode/two\\n';;
*' nodes '*custom-columns*) printf 'one   4000Mi\\ntwo   4096000Ki\\nthree 8Gi\\n';;
'top nodes'*) printf 'one   54m   2%%   1000Mi   25%%\\ntwo   79m   4%%   3000Mi   75%%\\nthree <unknown> <unknown> <unknown> <unknown>\\n';;
esac`

async function measure({
  script,
  isDeep = true,
  ids = metrics,
  unit = '%',
}: {
  script?: string | undefined
  isDeep?: boolean
  ids?: readonly string[]
  unit?: string
} = {}) {
  const { host, install, bin } = await createBench()
  if (script !== undefined) await install('kubectl', script)
  // On busy cores large output takes its time; what hangs does so after half a second, too.
  const timeoutMs = script === hanging ? 500 : 25_000
  const own = {
    ...host,
    processes: {
      ...host.processes,
      run: (request: ProcessRequest) => host.processes.run({ ...request, timeoutMs }),
    },
    env: { ...host.env, PATH: script === undefined ? '/nowhere' : `${bin}:/usr/bin:/bin` },
  }
  const { home, snapshot } = await createDashboardHome(
    {
      tools: { kubernetes: shownTool({ ui_component: 'cluster_status_card', metrics: ids }) },
      system: { memory_usage: metric({ unit }) },
    },
    { host: own },
  )
  const samples = await createClusterMeasure({ home, isDeep }, own)(snapshot)
  return Object.fromEntries(
    [...samples].map(([name, sample]) => [name, 'reason' in sample ? sample.reason : sample.value]),
  )
}

test('counts pods and nodes, and weighs the memory of those nodes that tell of it', async () => {
  expect(await measure({ script: kubectl })).toEqual({
    'cluster/pod_count': 3,
    'cluster/node_count': 2,
    'cluster/memory_usage': 50,
  })
})

test('a cluster without any pod has none, which is a number', async () => {
  const script = 'echo "No resources found" >&2'
  expect(await measure({ script, ids: ['pod_count'] })).toEqual({ 'cluster/pod_count': 0 })
})

test('it is not asked unless the user wants that', async () => {
  expect(await measure({ script: kubectl, isDeep: false })).toEqual({})
})

const refused = `cat >&2 <<'EOF'
E1128 03:04:24.732828   11485 memcache.go:265] "Unhandled Error" err="couldn't get current server API group list"
The connection to the server localhost:8080 was refused - did you specify the right host or port?
EOF
exit 1`
const reasons: [when: string, script: string | undefined, reason: string][] = [
  ['there is no kubectl', undefined, 'kubectl is not available'],
  [
    'no cluster answers',
    refused,
    'kubectl: The connection to the server localhost:8080 was refused - did you specify the right host or port?',
  ],
  [
    'it may not',
    'echo "error: You must be logged in to the server" >&2; exit 1',
    'kubectl: You must be logged in to the server',
  ],
  ['kubectl says nothing', 'exit 3', 'kubectl failed without a word'],
  ['kubectl says too much', 'yes pod/web | head -c 43000000', 'kubectl has more to say than is read'],
  ['kubectl hangs', hanging, 'kubectl did not respond in time'],
]
test.each(reasons)('a sentence stands in for each number when %s', async (_, script, reason) => {
  expect(Object.values(await measure({ script }))).toEqual([reason, reason, reason])
})

test('without a metrics server the memory alone is missing', async () => {
  const script = `case "$*" in top*) echo "error: Metrics API not available" >&2; exit 1;; esac\n${kubectl}`
  expect(await measure({ script })).toEqual({
    'cluster/pod_count': 3,
    'cluster/node_count': 2,
    'cluster/memory_usage': 'kubectl: Metrics API not available',
  })
})

test('a metric that nobody can ask for says so', async () => {
  expect(await measure({ script: kubectl, ids: ['toString'] })).toEqual({
    'cluster/toString': 'there is no way to query a cluster for toString',
  })
})
