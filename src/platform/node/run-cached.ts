import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { constants, Script } from 'node:vm'
import { openCodeCache } from './code-cache.ts'

/**
 * Runs a bundle (in ASCII) that lies beside this one, with what V8 compiled of it last time. It is an expression: a
 * function with the parameters of a CommonJS module (scripts/bundle-program.ts), since to wrap it here would copy it. Compiling it anew takes as
 * long as a third of a start of Node; Node itself keeps compiled code only from version 22.1 on.
 */
export function runCached(name: string): void {
  const file = path.join(import.meta.dirname, name)
  const cache = openCodeCache(file)
  const cachedData = cache?.read()
  const script = new Script(readFileSync(file, 'latin1'), {
    filename: file,
    ...(cachedData && { cachedData }),
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  })
  // By the end it is known which functions this kind of call uses.
  const isDryRun = process.argv.includes('--dry-run')
  if (!isDryRun && (!cachedData || script.cachedDataRejected))
    process.once('exit', () => cache?.write(() => script.createCachedData()))
  const start: unknown = script.runInThisContext()
  const module = { exports: {} }
  if (typeof start === 'function')
    start(module.exports, createRequire(file), module, file, path.dirname(file))
}
