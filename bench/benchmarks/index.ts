import type { Benchmark } from '../benchmark.ts'
import { coldSync } from './cold-sync.ts'
import { completion } from './completion.ts'
import { dashboard } from './dashboard.ts'
import { day } from './day.ts'
import { env } from './env.ts'
import { graph } from './graph.ts'
import { growth } from './growth.ts'
import { hook } from './hook.ts'
import { load } from './load.ts'
import { memory } from './memory.ts'
import { pathSearch } from './path-search.ts'
import { polls } from './polls.ts'
import { query } from './query.ts'
import { runaways } from './runaways.ts'
import { serve } from './serve.ts'
import { serveEvents } from './serve-events.ts'
import { serveSlow } from './serve-slow.ts'
import { serveSteady } from './serve-steady.ts'
import { upstream } from './upstream.ts'
import { validate } from './validate.ts'
import { warm } from './warm.ts'
import { watch } from './watch.ts'

/** All benchmarks, in the order of the table. */
export const benchmarks: readonly Benchmark[] = [
  coldSync,
  warm,
  query,
  env,
  hook,
  completion,
  load,
  validate,
  pathSearch,
  graph,
  dashboard,
  upstream,
  growth,
  day,
  watch,
  polls,
  serve,
  serveSteady,
  serveEvents,
  serveSlow,
  memory,
  runaways,
]
