import type { Benchmark, Contender } from './benchmark.ts'
import { judge, type Row } from './judge.ts'
import { createSandbox, withTemporaryDirectory } from './sandbox.ts'

export interface Result {
  readonly name: string
  readonly what: string
  readonly runs: number
  readonly rows: readonly Row[]
  readonly skipped: readonly string[]
}

export interface RunOptions {
  readonly runs: number | undefined
  /** Called before every round. */
  readonly onRound: (round: number, rounds: number) => void
}

/** Lays out, measures and cleans up. */
export async function runBenchmark(benchmark: Benchmark, options: RunOptions): Promise<Result> {
  const { name, what, warmUps } = benchmark
  const runs = options.runs ?? benchmark.runs
  return withTemporaryDirectory(async directory => {
    const { contenders, skipped = [] } = await benchmark.prepare(await createSandbox(directory))
    const rounds: number[][] = []
    // A B C A B C: whatever else the machine does meets all contenders alike.
    for (let round = 0; round < warmUps + runs; round++) {
      options.onRound(round + 1, warmUps + runs)
      rounds.push(await runOnce(contenders))
    }
    const quantities = contenders.flatMap(contender => contender.quantities)
    return { name, what, runs, rows: judge(quantities, rounds.slice(warmUps)), skipped }
  })
}

async function runOnce(contenders: readonly Contender[]): Promise<number[]> {
  const values: number[] = []
  for (const contender of contenders) values.push(...(await contender.run()))
  return values
}
