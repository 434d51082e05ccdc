import { cp, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { everything, expectStrings, toBatches, toVariables } from '../support/encoded-strings.ts'
import { runInProcess } from '../support/processes/run-in-process.ts'
import { writeScript } from '../support/processes/script.ts'
import { evaluate } from '../support/shells/evaluate.ts'
import { findShell } from '../support/shells/shells.ts'
import { lastingDirectory } from '../support/test-host.ts'

const launcher = nodePath.resolve('bin/nexus-registry')
const batches = toBatches(everything)

/** A user who has a kept answer for each batch of strings, a cache each, and no Node to ask. */
interface User {
  readonly directory: string
  readonly env: Record<string, string>
}

let user: User

beforeAll(async () => {
  user = await createUser()
  await runInProcess(['env'], { ...user, env: { ...user.env, XDG_CACHE_HOME: cacheOf(user, 'first') } })
  for (const [index, strings] of batches.entries()) await keepBatch(user, index, strings)
}, 120_000)

const shells = [
  ['zsh', ['-f'], 'zsh', [`eval "$("$LAUNCHER" env --shell zsh)"`, 'eval $("$LAUNCHER" env --shell zsh)']],
  ['bash', [], 'bash', [`eval "$("$LAUNCHER" env --shell bash)"`, 'eval $("$LAUNCHER" env --shell bash)']],
  ['dash', [], 'the portable', [`eval "$("$LAUNCHER" env)"`, 'eval $("$LAUNCHER" env)']],
  ['fish', ['--no-config'], 'fish', ['"$LAUNCHER" env --shell fish | source']],
] as const

describe(`${everything.length} strings come back byte for byte, and nothing is executed`, () => {
  for (const [name, args, form, scripts] of shells) {
    const shell = findShell(name)
    for (const script of scripts) {
      it.skipIf(shell === undefined)(`${name}: ${script}`, { timeout: 180_000 }, async () => {
        for (const [index, strings] of batches.entries()) {
          const env = { ...user.env, XDG_CACHE_HOME: cacheOf(user, index), LAUNCHER: launcher }
          const options = { script, text: '', directory: user.directory, env }
          const evaluation = await evaluate([shell ?? '', ...args, '-c'], options)
          expectStrings(evaluation, strings)
          expect(evaluation.environment.get('NEXUS_ENV_STATUS'), form).toBe('ok')
        }
      })
    }
  }
})

async function createUser(): Promise<User> {
  const directory = await lastingDirectory()
  const bin = nodePath.join(directory, 'bin')
  // Node is not there to help out, so what is printed is what the launcher prints.
  await writeScript(nodePath.join(bin, 'node'), 'echo "Node was asked" >&2; exit 1')
  for (const name of ['env', 'touch']) await symlink(`/usr/bin/${name}`, nodePath.join(bin, name))
  return { directory, env: { PATH: bin, HOME: directory } }
}

function cacheOf({ directory }: User, batch: number | string): string {
  return nodePath.join(directory, 'caches', String(batch))
}

// What the program finds is cleaned, so strings like these are put where it keeps what it has found. Node reads them
// there, and hands them to the shells.
async function keepBatch(owner: User, batch: number, strings: readonly string[]): Promise<void> {
  const cache = cacheOf(owner, batch)
  await cp(cacheOf(owner, 'first'), cache, { recursive: true, preserveTimestamps: true })
  const answers = nodePath.join(cache, 'nexus-registry', 'answers')
  const [name = ''] = await readdir(answers)
  const file = nodePath.join(answers, name, 'answer.json')
  const answer: object = JSON.parse(await readFile(file, 'utf8'))
  await writeFile(file, JSON.stringify({ ...answer, ttl_seconds: 3600, variables: toVariables(strings) }))
  const env = { ...owner.env, XDG_CACHE_HOME: cache }
  const { stdout } = await runInProcess(['env', '--shell', 'json'], { ...owner, env })
  expect(Object.keys(JSON.parse(stdout))).toHaveLength(strings.length + 1)
}
