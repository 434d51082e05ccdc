import { readFileSync } from 'node:fs'
import nodePath from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { errorMessage } from '../core/errors.ts'
import { compileJq, type JqProgram, type JqRequest, type JqResult, runJq } from '../core/jq/jq-program.ts'

/** In an installation it lies beside the program, in a checkout in the package that it comes from. */
const places = ['dist/libraries/jq.wasm', 'node_modules/jq-web/jq.wasm']

interface JqRunnerOptions {
  readonly programRoot: string
  /** Lets a signal end the process by itself: while jq runs, no handler of this program does. */
  readonly letSignalsEnd: () => void
}

/**
 * Runs jq in this thread. A worker would let this program end it, and takes longer to start than jq needs for most
 * filters (50 ms, more than Node itself): Ctrl-C has its own meaning back instead, as with any jq.
 */
export function createJqRunner({ programRoot, letSignalsEnd }: JqRunnerOptions) {
  let program: JqProgram | undefined
  return async (request: JqRequest): Promise<JqResult> => {
    setFlagsFromString(`${compilationTasks}0`)
    try {
      program ??= loadJq(programRoot)
      letSignalsEnd()
      return runJq(program, request)
    } finally {
      setFlagsFromString(`${compilationTasks}${usualTasks}`)
    }
  }
}

// Compiling better code in other threads takes twice as long as a short filter, and gains nothing for a long one. What
// V8 compiled of this program is only taken again under the flags that it was kept with: they have to be the usual ones.
const compilationTasks = '--wasm-num-compilation-tasks='
const usualTasks = 128

function loadJq(programRoot: string): JqProgram {
  const faults: string[] = []
  for (const place of places) {
    try {
      return compileJq(readFileSync(nodePath.join(programRoot, place)))
    } catch (error) {
      faults.push(errorMessage(error))
    }
  }
  throw new Error(`jq cannot be loaded: ${faults.join('; ')}`)
}
