import { mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Benchmark } from '../benchmark.ts'
import { bareNode, createBareNode, createCall } from '../call.ts'
import { runCommand } from '../run-command.ts'
import { launcher, type Sandbox } from '../sandbox.ts'

const jq = '`jq` over 10,000 models'
const filter = 'map(select(.cost_per_1k_input < 0.0001))'
const modelCount = 10_000

/** Questions to the shipped registries, and to one of 10,000 models (10 MB) beside jq itself. */
export const query: Benchmark = {
  name: 'query',
  what: 'Queries by flags and by jq filters',
  runs: 20,
  warmUps: 2,
  prepare: async sandbox => {
    const home = await createLargeHome(sandbox)
    const large = ['query', 'models', '--home', home] as const
    const toNode = (atMost: number) => [{ kind: 'times', of: bareNode, atMost } as const]
    const toJq = (atMost: number) => [{ kind: 'times', of: jq, atMost } as const]
    const flags = [launcher, 'query', 'models', '--where', 'provider = openai'] as const
    const largeFlags = [launcher, ...large, '--where', 'cost_per_1k_input < 0.0001', '--json'] as const
    const file = path.join(home, 'model_registry.json')
    const small = [
      createBareNode(sandbox),
      createCall('`query models --where …`', { argv: flags, comparisons: toNode(1.8) }, sandbox),
      createCall(
        '`query models FILTER`',
        { argv: [launcher, 'query', 'models', filter], comparisons: toNode(2.5) },
        sandbox,
      ),
    ]
    if (!isThere(sandbox)) return { contenders: small, skipped: ['jq is not on PATH: its rows are skipped'] }
    return {
      contenders: [
        ...small,
        createCall(jq, { argv: ['jq', filter, file] }, sandbox),
        createCall(
          '`query models --where …` over them',
          { argv: largeFlags, comparisons: toJq(1.5) },
          sandbox,
        ),
        createCall(
          '`query models FILTER` over them',
          { argv: [launcher, ...large, filter], comparisons: toJq(3) },
          sandbox,
        ),
      ],
    }
  },
}

function isThere(sandbox: Sandbox): boolean {
  return runCommand(['sh', '-c', 'command -v jq || true'], sandbox).stdout !== ''
}

async function createLargeHome(sandbox: Sandbox): Promise<string> {
  const home = path.join(sandbox.directory, 'large')
  await mkdir(home)
  runCommand([launcher, 'init', home], sandbox)
  const file = path.join(home, 'model_registry.json')
  const shipped: Record<string, object> = JSON.parse(await readFile(file, 'utf8'))
  const models = Object.entries(shipped).filter(([id]) => id !== '$schema')
  const copies = Array.from({ length: modelCount }, (_, index): [string, object] => {
    const [id = '', model = {}] = models[index % models.length] ?? []
    return [`${id}-${index}`, { ...model, description: `Copy ${index} `.padEnd(80, '.'), aliases: undefined }]
  })
  await writeFile(file, `${JSON.stringify(Object.fromEntries(copies), null, 2)}\n`)
  return home
}
