import type { Benchmark } from '../benchmark.ts'
import { measureLatencies, toRequest } from '../http-load.ts'
import { readMemory, startServer } from '../server.ts'

const perSecond = 5000
const seconds = 60

/** What it is like for users of a server that is asked all the time. */
export const serveSteady: Benchmark = {
  name: 'serve-steady',
  what: `Serve a registry ${perSecond} times a second for ${seconds} s`,
  runs: 1,
  warmUps: 0,
  prepare: async sandbox => {
    const server = await startServer(sandbox, '--no-sync')
    const target = { port: server.port, request: toRequest('GET', '/registries/tool_registry.json') }
    await measureLatencies(target, { perSecond, seconds: 2 })
    return {
      contenders: [
        {
          quantities: [
            { label: '99th percentile of the time to answer', unit: 'ms', comparisons: [atMost(10)] },
            { label: 'Requests without an answer', unit: '%', comparisons: [atMost(0)] },
            { label: 'Memory of the server', unit: 'MB' },
          ],
          run: async () => {
            const { latencies, failed } = await measureLatencies(target, { perSecond, seconds })
            const p99 = latencies[Math.floor(latencies.length * 0.99)] ?? Number.NaN
            return [p99, (failed / (perSecond * seconds)) * 100, await readMemory(server.pid)]
          },
        },
      ],
    }
  },
}

function atMost(value: number) {
  return { kind: 'absolute', atMost: value } as const
}
