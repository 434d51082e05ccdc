import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { registryFiles, subRegistryNames } from '../src/registry/schema/names.ts'
import { bundleScript } from './bundle-script.ts'
import { runCommand } from './run-command.ts'
import { launcher, type Sandbox } from './sandbox.ts'

/** Starts a process that serves registries as `scripts/serve-registries.ts` says; answers with its origin. */
export async function startUpstreams(directory: string, sandbox: Sandbox): Promise<string> {
  const script = await bundleScript('serve-registries', sandbox.directory)
  const server = spawn(process.execPath, [script, directory], { stdio: ['pipe', 'pipe', 'inherit'] })
  const [port] = await once(server.stdout, 'data')
  // It ends with this process, and does not keep it from ending.
  server.unref()
  server.stdout.destroy()
  return `http://127.0.0.1:${String(port).trim()}`
}

/** Lets the user of a sandbox have upstreams on this machine. */
export async function allowLoopback(sandbox: Sandbox): Promise<void> {
  const directory = path.join(sandbox.directory, 'config/nexus-registry')
  await mkdir(directory, { recursive: true })
  await writeFile(path.join(directory, 'config.json'), '{"allow_private": ["localhost"]}')
}

/** Makes a home of the shipped registries, each of which has an upstream below the address. */
export async function createUpstreamHome(name: string, address: string, sandbox: Sandbox): Promise<string> {
  const home = path.join(sandbox.directory, name)
  runCommand([launcher, 'init', home], sandbox)
  const file = path.join(home, registryFiles.hyper)
  const hyper = JSON.parse(await readFile(file, 'utf8'))
  for (const each of subRegistryNames) hyper.sub_registries[each].url = `${address}/${registryFiles[each]}`
  await writeFile(file, JSON.stringify(hyper, null, 2))
  return home
}
