import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { registryFiles, subRegistryNames } from '../../src/schema/names.ts'
import type { Benchmark, Contender } from '../benchmark.ts'
import { bundleScript } from '../bundle-script.ts'
import { createRepeatedWork } from '../repeated-work.ts'
import { runCommand } from '../run-command.ts'
import { launcher, type Sandbox } from '../sandbox.ts'

/** Polls as a command and as the daemon makes them: request, answer, and checks. Files are written after all of them. */
export const upstream: Benchmark = {
  name: 'upstream',
  what: 'Sync with upstreams on loopback',
  runs: 10,
  warmUps: 2,
  prepare: async sandbox => {
    const port = await startServer(sandbox)
    await allowLoopback(sandbox)
    const origin = `http://127.0.0.1:${port}`
    const [still, changing] = await Promise.all([
      createHome('still', origin, sandbox),
      createHome('changing', `${origin}/changing`, sandbox),
    ])
    const script = await bundleScript('sync-registry', sandbox.directory)
    const work = (label: string, home: string, atMostMs: number) =>
      createRepeatedWork(label, { argv: [process.execPath, script, home], atMostMs }, sandbox)
    return {
      contenders: [
        work('One registry, not modified', still, 10),
        work('One registry, all entries changed', changing, 50),
        createSync('All seven at once, not modified, first time in a process', still, sandbox),
        createSync('All seven at once, all entries changed, first time in a process', changing, sandbox),
      ],
    }
  },
}

/** How long the slowest of the seven polls took, as `sync` reports it. */
function createSync(label: string, home: string, sandbox: Sandbox): Contender {
  return {
    quantities: [{ label, unit: 'ms', comparisons: [{ kind: 'absolute', atMost: 150 }] }],
    run: async () => {
      const argv = [launcher, 'sync', '--json', '--home', home] as const
      const report: Report = JSON.parse(runCommand(argv, sandbox).stdout)
      return [Math.max(...subRegistryNames.map(name => report.registries[name]?.duration_ms ?? Number.NaN))]
    },
  }
}

interface Report {
  readonly registries: Readonly<Record<string, { readonly duration_ms: number }>>
}

async function startServer(sandbox: Sandbox): Promise<string> {
  const script = await bundleScript('serve-registries', sandbox.directory)
  const server = spawn(process.execPath, [script, sandbox.home], { stdio: ['pipe', 'pipe', 'inherit'] })
  const [port] = await once(server.stdout, 'data')
  // It ends with this process, and does not keep it from ending.
  server.unref()
  server.stdout.destroy()
  return String(port).trim()
}

async function allowLoopback(sandbox: Sandbox): Promise<void> {
  const directory = path.join(sandbox.directory, 'config/nexus-registry')
  await mkdir(directory, { recursive: true })
  await writeFile(path.join(directory, 'config.json'), '{"allow_private": ["localhost"]}')
}

async function createHome(name: string, origin: string, sandbox: Sandbox): Promise<string> {
  const home = path.join(sandbox.directory, name)
  runCommand([launcher, 'init', home], sandbox)
  const file = path.join(home, registryFiles.hyper)
  const hyper = JSON.parse(await readFile(file, 'utf8'))
  for (const each of subRegistryNames) hyper.sub_registries[each].url = `${origin}/${registryFiles[each]}`
  await writeFile(file, JSON.stringify(hyper, null, 2))
  return home
}
