import { promises } from 'node:fs'
import nodePath from 'node:path'
import { cachedDataVersionTag, setFlagsFromString } from 'node:v8'
import { errorMessage } from '../../lib/errors.ts'
import { compileJq, type JqProgram, type JqRequest, type JqResult, runJq } from '../../lib/jq/jq-program.ts'

interface JqRunnerOptions {
  readonly programRoot: string
  /** Lets a signal end the process by itself: while jq runs, no handler of this program does. */
  readonly letSignalsEnd: () => void
}

export interface JqRunner {
  /** Begins to compile jq in another thread: a call that will run it says so as early as it knows. */
  readonly prepareJq: () => void
  readonly runJq: (request: JqRequest) => Promise<JqResult>
}

/**
 * Runs jq in this thread. A worker would let this program end it, and takes longer to start than jq needs for most
 * filters (50 ms, more than Node itself): Ctrl-C has its own meaning back instead, as with any jq.
 */
export function createJqRunner({ programRoot, letSignalsEnd }: JqRunnerOptions): JqRunner {
  let loading: Promise<JqProgram> | undefined
  const load = (): Promise<JqProgram> => {
    loading ??= withoutSecondCompilation(() => loadJq(programRoot))
    return loading
  }
  return {
    prepareJq: () => {
      // The caller that runs it gets the error.
      load().catch(() => undefined)
    },
    runJq: async request => {
      const program = await load()
      letSignalsEnd()
      return withoutSecondCompilation(() => runJq(program, request))
    },
  }
}

/**
 * V8 would compile jq a second time, into better code: that takes longer than a short filter, and gains nothing for a
 * long one. Each function has a budget before that is done, and gets one that it does not use up.
 */
async function withoutSecondCompilation<T>(action: () => T): Promise<Awaited<T>> {
  setTieringBudget(2_000_000_000)
  try {
    return await action()
  } finally {
    // What V8 compiled of this program is only taken again under the flags that it was kept with.
    for (const budget of usualTieringBudgets)
      if (cachedDataVersionTag() !== usualFlags) setTieringBudget(budget)
  }
}

const usualFlags = cachedDataVersionTag()

/** Of Node 20, and of Node 22 and 24 (`node --v8-options`). */
const usualTieringBudgets = [1_800_000, 13_000_000]

function setTieringBudget(budget: number): void {
  setFlagsFromString(`--wasm-tiering-budget=${budget}`)
}

/** In an installation it lies beside the program, in a checkout in the package that it comes from. */
const places = ['dist/libraries/jq.wasm', 'node_modules/jq-web/jq.wasm']

/** Reads and compiles jq. Rejects when it is not there. */
export async function loadJq(programRoot: string): Promise<JqProgram> {
  const errors: string[] = []
  for (const place of places) {
    try {
      return await compileJq(await promises.readFile(nodePath.join(programRoot, place)))
    } catch (error) {
      errors.push(errorMessage(error))
    }
  }
  throw new Error(`jq cannot be loaded: ${errors.join('; ')}`)
}
