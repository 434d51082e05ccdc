import { mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Benchmark, Contender } from '../benchmark.ts'
import { type Argv, runCommand } from '../run-command.ts'
import { launcher, type Sandbox } from '../sandbox.ts'

const bare = '`node -e 0`'
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
    const ofNode = (atMost: number) => ({ of: bare, atMost })
    const ofJq = (atMost: number) => ({ of: jq, atMost })
    const file = path.join(home, 'model_registry.json')
    const small = [
      createCall(bare, [process.execPath, '-e', '0'], undefined, sandbox),
      createCall(
        '`query models --where …`',
        [launcher, 'query', 'models', '--where', 'provider = openai'],
        ofNode(1.8),
        sandbox,
      ),
      createCall('`query models FILTER`', [launcher, 'query', 'models', filter], ofNode(2.5), sandbox),
    ]
    if (!isThere(sandbox)) return { contenders: small, skipped: ['jq is not on PATH: its rows are skipped'] }
    return {
      contenders: [
        ...small,
        createCall(jq, ['jq', filter, file], undefined, sandbox),
        createCall(
          '`query models --where …` over them',
          [launcher, ...large, '--where', 'cost_per_1k_input < 0.0001', '--json'],
          ofJq(1.5),
          sandbox,
        ),
        createCall('`query models FILTER` over them', [launcher, ...large, filter], ofJq(3), sandbox),
      ],
    }
  },
}

function createCall(
  label: string,
  argv: Argv,
  comparison: { of: string; atMost: number } | undefined,
  sandbox: Sandbox,
): Contender {
  const comparisons = comparison ? [{ kind: 'times' as const, ...comparison }] : []
  return { quantities: [{ label, unit: 'ms', comparisons }], run: async () => [runCommand(argv, sandbox).ms] }
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
