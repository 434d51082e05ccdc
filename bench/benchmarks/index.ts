import type { Benchmark } from '../benchmark.ts'
import { coldSync } from './cold-sync.ts'
import { load } from './load.ts'
import { memory } from './memory.ts'
import { pathSearch } from './path-search.ts'
import { runaways } from './runaways.ts'
import { validate } from './validate.ts'
import { warm } from './warm.ts'

/** All benchmarks, in the order of the table. */
export const benchmarks: readonly Benchmark[] = [coldSync, warm, load, validate, pathSearch, memory, runaways]
