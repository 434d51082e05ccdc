import type { Host } from '../../src/platform/host.ts'
import { createHost } from '../../src/platform/node/create-host.ts'
import { loadSnapshot } from '../../src/registry/load/load-snapshot.ts'
import { registryNames } from '../../src/registry/schema/names.ts'
import { validateHome } from '../../src/validate/validate.ts'
import { printTimes } from './print-times.ts'

// Loads the home `argv[3]` again and again: each of its files by itself, or with the rules that hold between them.

const [, , what, home = ''] = process.argv
const host = createHost({ interrupted: new AbortController().signal })
await printTimes(50, () => (what === 'files' ? loadFiles(host) : checkHome(host)))

async function loadFiles(files: Host): Promise<void> {
  const { registries } = await loadSnapshot(home, files)
  const broken = registryNames.filter(name => registries[name].state !== 'ok')
  if (broken.length > 0) throw new Error(`these registries were not loaded: ${broken.join(', ')}`)
}

async function checkHome(files: Host): Promise<void> {
  const { errors } = await validateHome(home, files)
  if (errors > 0) throw new Error(`the home has ${errors} errors`)
}
