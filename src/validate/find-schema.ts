import { program } from '../lib/program.ts'
import type { Host } from '../platform/host.ts'
import { type RegistryName, registryFiles } from '../registry/schema/names.ts'

/**
 * Path of a registry's JSON Schema as seen from a directory: in the nearest `schemas/` or installed package, here or
 * above. Undefined when there is none: a path to where this program happens to lie would hold on this machine alone.
 */
export async function findSchema(
  directory: string,
  name: RegistryName,
  host: Pick<Host, 'fs' | 'path'>,
): Promise<string | undefined> {
  const file = registryFiles[name].replace('.json', '.schema.json')
  const places = [
    ['schemas', file],
    ['node_modules', program.name, 'schemas', file],
  ]
  let above = ''
  for (let place = directory; ; place = host.path.dirname(place)) {
    for (const parts of places) {
      const info = await host.fs.stat(host.path.join(place, ...parts)).catch(() => undefined)
      if (info?.kind === 'file') return `${above || './'}${parts.join('/')}`
    }
    if (host.path.dirname(place) === place) return undefined
    above += '../'
  }
}
