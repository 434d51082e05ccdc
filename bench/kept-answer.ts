import { existsSync, rmSync } from 'node:fs'
import { chmod, mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Contender } from './benchmark.ts'
import { runCommand } from './run-command.ts'
import { launcher, type Sandbox } from './sandbox.ts'

/** Shells that see only whole seconds believe a file from the second after its last change on. */
const quietMs = 1100

/** A sandbox where `env` has an answer that was kept, and `nexus-registry` is on PATH. */
export async function keepAnswer(sandbox: Sandbox, ttlSeconds: number): Promise<Sandbox> {
  const { directory, home } = sandbox
  const env = { ...sandbox.env, PATH: `${await createPrograms(directory)}:${sandbox.env.PATH}` }
  await setTimeToLive(path.join(home, 'hyper_registry.json'), ttlSeconds)
  await sleep(quietMs)
  runCommand([launcher, 'env'], { directory, env })
  await sleep(quietMs)
  return { ...sandbox, env }
}

/** A contender that throws when Node was started from PATH: then it measured something else than it says. */
export function withoutNode(contender: Contender, { directory }: Sandbox): Contender {
  const note = noteOf(directory)
  const labels = contender.quantities.map(({ label }) => label).join(', ')
  return {
    ...contender,
    run: async () => {
      rmSync(note, { force: true })
      const values = await contender.run()
      if (existsSync(note)) throw new Error(`Node was started: ${labels} was to do without`)
      return values
    },
  }
}

async function createPrograms(directory: string): Promise<string> {
  const place = path.join(directory, 'bin')
  const node = path.join(place, 'node')
  await mkdir(place)
  await symlink(launcher, path.join(place, 'nexus-registry'))
  await writeFile(node, `#!/bin/sh\n: >'${noteOf(directory)}'\nexec '${process.execPath}' "$@"\n`)
  await chmod(node, 0o755)
  return place
}

function noteOf(directory: string): string {
  return path.join(directory, 'node-was-started')
}

async function setTimeToLive(file: string, cache_ttl_seconds: number): Promise<void> {
  const registry = JSON.parse(await readFile(file, 'utf8'))
  const metadata = { ...registry.metadata, cache_ttl_seconds }
  await writeFile(file, JSON.stringify({ ...registry, metadata }, null, 2))
}
