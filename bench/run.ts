import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import type { Benchmark } from './benchmark.ts'
import { benchmarks } from './benchmarks/index.ts'
import { updatePerformancePage } from './performance-page.ts'
import { renderMarkdown } from './render-markdown.ts'
import { type Result, runBenchmark } from './run-benchmark.ts'
import { packageRoot } from './sandbox.ts'

const usage = `Usage: npm run bench -- [--only NAME]… [--runs N] [--json | --write]

Measures the built program against its goals and its peers, and prints tables. --write puts them into
docs/performance.md instead; sections of benchmarks that were not run stay. Exit code 0: everything was measured,
whether or not the goals were met; 1: something could not be measured.

${benchmarks.map(({ name, what }) => `  ${name.padEnd(12)} ${what}`).join('\n')}
`

try {
  await main()
} catch (error) {
  process.stderr.write(`error: ${errorMessage(error)}\n`)
  process.exitCode = 2
}

async function main(): Promise<void> {
  const { only, runs, json, write, help } = parseOptions()
  if (help) {
    process.stdout.write(usage)
    return
  }
  if (!existsSync(path.join(packageRoot, 'dist/main.cjs'))) {
    throw new Error('dist is not there: run npm run build first')
  }
  const results: Result[] = []
  for (const benchmark of only) results.push(...(await measure(benchmark, runs)))
  const machine = describeMachine()
  if (write) return writePage(results, machine)
  console.log(json ? JSON.stringify({ machine, results }, null, 2) : renderMarkdown(results, machine))
}

function writePage(results: readonly Result[], machine: string): void {
  const file = path.join(packageRoot, 'docs/performance.md')
  const names = benchmarks.map(({ name }) => name)
  writeFileSync(file, updatePerformancePage(readFileSync(file, 'utf8'), results, { machine, names }))
}

function parseOptions() {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', multiple: true, default: [] },
      runs: { type: 'string' },
      json: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  const only = values.only.length === 0 ? benchmarks : values.only.map(findBenchmark)
  return { ...values, only, runs: values.runs === undefined ? undefined : parseRuns(values.runs) }
}

function findBenchmark(name: string): Benchmark {
  const found = benchmarks.find(benchmark => benchmark.name === name)
  if (found) return found
  throw new Error(`there is no benchmark ${name}: use one of ${benchmarks.map(each => each.name).join(', ')}`)
}

function parseRuns(text: string): number {
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text)
  throw new Error(`--runs ${text} is not a number from 1 to 9999`)
}

// One that cannot be measured must not cost the others' results.
async function measure(benchmark: Benchmark, runs: number | undefined): Promise<Result[]> {
  const isTerminal = process.stderr.isTTY
  if (!isTerminal) process.stderr.write(`${benchmark.name}\n`)
  const onRound = (round: number, rounds: number) => {
    if (isTerminal) process.stderr.write(`\r\x1b[K${benchmark.name} ${round}/${rounds}`)
  }
  try {
    return [await runBenchmark(benchmark, { runs, onRound })]
  } catch (error) {
    process.exitCode = 1
    process.stderr.write(`\nerror: ${benchmark.name} was not measured: ${errorMessage(error)}\n`)
    return []
  } finally {
    if (isTerminal) process.stderr.write('\r\x1b[K')
  }
}

function describeMachine(): string {
  const model = cpus()[0]?.model.replace(/\s+/g, ' ').trim()
  return [
    `${process.platform} ${process.arch}`,
    `${availableParallelism()} cores`,
    model,
    `Node ${process.versions.node}`,
  ]
    .filter(Boolean)
    .join(', ')
}

function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
