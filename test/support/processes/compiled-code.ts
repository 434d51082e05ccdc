import { constants, copyFileSync, existsSync, mkdirSync, readdirSync, renameSync } from 'node:fs'
import nodePath from 'node:path'

/** Names the directory in which the tests of a run share what V8 has compiled of the program. */
export const sharedCodeVariable = 'NEXUS_TEST_COMPILED_CODE'

/**
 * Gives a new home what V8 has compiled for an earlier call of this kind, as each home has it from the second one on:
 * compiling takes a third of a start. Not for tests of compiled code. A dry run has none: it may write nothing.
 */
export function giveCompiledCode(env: NodeJS.ProcessEnv, args: readonly string[]): void {
  const [shared, own] = placesOf(env)
  const isNew = own === undefined || !existsSync(cacheOf(env)) || existsSync(own)
  if (shared === undefined || own === undefined || !isNew || args.includes('--dry-run')) return
  attempt(() => {
    const names = namesIn(shared, args)
    if (names.length > 0) mkdirSync(own, { recursive: true, mode: 0o700 })
    for (const name of names)
      copyFileSync(nodePath.join(shared, name), nodePath.join(own, name), constants.COPYFILE_EXCL)
  })
}

/** Shares with all tests what V8 has compiled for a call that has ended. */
export function shareCompiledCode(env: NodeJS.ProcessEnv, args: readonly string[]): void {
  const [shared, own] = placesOf(env)
  if (shared === undefined || own === undefined) return
  attempt(() => {
    for (const name of namesIn(own, args)) {
      const file = nodePath.join(shared, name)
      if (existsSync(file)) continue
      copyFileSync(nodePath.join(own, name), `${file}.${process.pid}`)
      renameSync(`${file}.${process.pid}`, file)
    }
  })
}

function placesOf(env: NodeJS.ProcessEnv): [shared: string | undefined, own: string | undefined] {
  const cache = cacheOf(env)
  const own = nodePath.isAbsolute(cache) ? nodePath.join(cache, 'nexus-registry/code') : undefined
  return [process.env[sharedCodeVariable], own]
}

function cacheOf({ HOME: home = '', XDG_CACHE_HOME: cache }: NodeJS.ProcessEnv): string {
  return cache ?? nodePath.join(home, '.cache')
}

function namesIn(directory: string, args: readonly string[]): string[] {
  const kind = args.find(arg => /^[a-z]{1,16}$/.test(arg)) ?? 'none'
  return readdirSync(directory).filter(name => name.endsWith(`-${kind}`))
}

// There may be no such directory, or none that can be written to: then the program compiles itself.
function attempt(action: () => void): void {
  try {
    action()
  } catch {}
}
