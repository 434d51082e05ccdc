import type { Sandbox } from './sandbox.ts'

/** Something whose time or memory is measured: one object, one file in `benchmarks/`. */
export interface Benchmark {
  /** For `--only`. */
  readonly name: string
  /** A sentence. */
  readonly what: string
  /** How many rounds are measured unless `--runs` says otherwise, and how many come before them. */
  readonly runs: number
  readonly warmUps: number
  /** Lays out what the contenders need below the sandbox, which is removed afterwards. */
  prepare(sandbox: Sandbox): Promise<Preparation>
}

export interface Preparation {
  /** Every round runs each of them once, in this order. */
  readonly contenders: readonly Contender[]
  /** Sentences about what is not measured here, and why. */
  readonly skipped?: readonly string[]
}

export interface Contender {
  readonly quantities: readonly Quantity[]
  /** One run. Returns a value for each of the quantities, in their order. */
  run(): Promise<readonly number[]>
}

/** One row of the table. */
export interface Quantity {
  /** Unique in its benchmark. */
  readonly label: string
  readonly unit: Unit
  readonly comparisons?: readonly Comparison[]
}

export type Unit = 'ms' | 'µs' | 'MB' | '%' | 'bytes' | 'processes'

/** What the value is held against. Without a limit it is only told, and no goal. */
export type Comparison =
  /** Ratio to another row of the same round. */
  | { readonly kind: 'times'; readonly of: string; readonly atMost?: number }
  /** Difference to another row of the same round. */
  | { readonly kind: 'more-than'; readonly of: string; readonly atMost?: number }
  | { readonly kind: 'absolute'; readonly atMost: number }
  /** A share, of which more is better. */
  | { readonly kind: 'above'; readonly limit: number }
