import { promises } from 'node:fs'
import nodePath from 'node:path'
import { errorMessage } from '../../lib/errors.ts'
import { compileJq, type JqProgram } from '../../lib/jq/jq-program.ts'

/** In an installation it lies beside the program, in a checkout in the package that it comes from. */
const places = ['dist/libraries/jq.wasm', 'node_modules/jq-web/jq.wasm']

/** Reads and compiles jq. Rejects when it is not there. */
export async function loadJq(programRoot: string): Promise<JqProgram> {
  const faults: string[] = []
  for (const place of places) {
    try {
      return await compileJq(await promises.readFile(nodePath.join(programRoot, place)))
    } catch (error) {
      faults.push(errorMessage(error))
    }
  }
  throw new Error(`jq cannot be loaded: ${faults.join('; ')}`)
}
