import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Model } from '../src/registry/schema/model.ts'
import { registryFiles } from '../src/registry/schema/names.ts'
import type { Provider } from '../src/registry/schema/provider.ts'
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
  await listModels(path.join(home, registryFiles.providers), entries)
  // It knows how many there are.
  runCommand([launcher, 'validate', '--fix', path.join(home, registryFiles.hyper)], sandbox)
  return home
}

function toModel(entries: readonly [string, Model][], index: number): readonly [id: string, model: Model] {
  const entry = entries[index % entries.length]
  if (entry === undefined) throw new Error('there are no models to copy')
  const [id, model] = entry
  if (index < entries.length) return entry
  const { aliases: _, ...copy } = model
  return [`${id}-${index}`, { ...copy, description: `${copy.description ?? ''} `.repeat(6).trim() }]
}

// Each provider lists its models: a home in which they do not agree would be measured for its findings.
async function listModels(file: string, models: readonly (readonly [string, Model])[]): Promise<void> {
  const providers: Record<string, Provider> = JSON.parse(await readFile(file, 'utf8'))
  const listed = Object.entries(providers).map(([id, provider]) => {
    const own = models.filter(([, model]) => model.provider === id)
    return [id, { ...provider, models: own.map(([name]) => name) }]
  })
  await writeFile(file, JSON.stringify(Object.fromEntries(listed), null, 2))
}
