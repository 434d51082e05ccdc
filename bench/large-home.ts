import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Model } from '../src/schema/model.ts'
import { registryFiles } from '../src/schema/names.ts'
import { runCommand } from './run-command.ts'
import { launcher, type Sandbox } from './sandbox.ts'

/** Makes a sound home with so many models: the shipped ones, and copies of them under other ids. About 1 kB each. */
export async function createLargeHome(models: number, sandbox: Sandbox): Promise<string> {
  const home = path.join(sandbox.directory, `home-of-${models}`)
  runCommand([launcher, 'init', home], sandbox)
  const file = path.join(home, registryFiles.models)
  const shipped: Record<string, Model> = JSON.parse(await readFile(file, 'utf8'))
  const entries = Array.from({ length: models }, (_, index) => toModel(Object.entries(shipped), index))
  await writeFile(file, JSON.stringify(Object.fromEntries(entries), null, 2))
  // It knows how many there are.
  runCommand([launcher, 'validate', '--fix', path.join(home, registryFiles.hyper)], sandbox)
  return home
}

function toModel(entries: readonly [string, Model][], index: number): [id: string, model: object] {
  const [id, model] = entries[index % entries.length] ?? ['', undefined]
  if (model === undefined || index < entries.length) return [id, model ?? {}]
  const { aliases: _, ...copy } = model
  return [`${id}-${index}`, { ...copy, description: `${copy.description} `.repeat(6).trim() }]
}
