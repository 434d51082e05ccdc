import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import path from 'node:path'
import { registryFiles } from '../../src/registry/schema/names.ts'
import type { Benchmark, Comparison, Contender } from '../benchmark.ts'
import { bundleScript } from '../bundle-script.ts'
import { measureCost, type Target, toRequest } from '../http-load.ts'
import { runCommand } from '../run-command.ts'
import type { Sandbox } from '../sandbox.ts'
import { type ServerProcess, startBareServer, startServer, toProcess } from '../server.ts'

const seconds = 2
const document = '/registries/tool_registry.json'
const bare = 'A bare `node:http` server, the same bytes from memory'
const bareUnchanged = 'The same, 304'
const gateway = "etcd 3.4's JSON gateway, a value of the same size"

/** At least seven tenths of what a bare server does, and three times what etcd does. */
const mostOfBare = 1 / 0.7
const mostOfEtcd = 1 / 3

/** What a request costs when sixteen connections ask one after the other. */
export const serve: Benchmark = {
  name: 'serve',
  what: 'Serve a registry: time per request, at full load from this machine',
  runs: 5,
  warmUps: 1,
  prepare: async sandbox => {
    const file = path.join(sandbox.home, registryFiles.tools)
    const script = await bundleScript('serve-bytes', sandbox.directory)
    const [plain, own, etcd] = await Promise.all([
      startBareServer(script, file),
      startServer(sandbox, '--no-sync'),
      startEtcd(sandbox),
    ])
    const { headers } = await fetch(`http://127.0.0.1:${own.port}${document}`, {
      headers: { 'accept-encoding': 'identity' },
    })
    const known = { 'if-none-match': headers.get('etag') ?? '' }
    const ratio = (of: string, atMost: number): Comparison => ({ kind: 'times', of, atMost })
    return {
      contenders: [
        ask(bare, { port: plain.port, request: toRequest('GET', '/') }),
        ask(`\`GET ${document}\``, { port: own.port, request: toRequest('GET', document) }, [
          ratio(bare, mostOfBare),
          ...(etcd ? [ratio(gateway, mostOfEtcd)] : []),
        ]),
        ask(bareUnchanged, {
          port: plain.port,
          request: toRequest('GET', '/', { 'if-none-match': '"the-very-same"' }),
        }),
        ask(`\`GET ${document}\`, 304`, { port: own.port, request: toRequest('GET', document, known) }, [
          ratio(bareUnchanged, mostOfBare),
        ]),
        ...(etcd ? [ask(gateway, await putIntoEtcd(etcd, file))] : []),
      ],
      skipped: etcd ? [] : ['etcd is not installed (Debian: `etcd-server`): not compared with it'],
    }
  },
}

function ask(label: string, target: Target, comparisons: readonly Comparison[] = []): Contender {
  return {
    quantities: [{ label, unit: 'µs', comparisons }],
    run: async () => [await measureCost(target, seconds)],
  }
}

async function startEtcd(sandbox: Sandbox): Promise<ServerProcess | undefined> {
  const { stdout } = runCommand(['sh', '-c', 'command -v etcd || true'], sandbox)
  if (stdout.trim() === '') return undefined
  const [port, peer] = [await findPort(), await findPort()]
  const urls = { client: `http://127.0.0.1:${port}`, peer: `http://127.0.0.1:${peer}` }
  const args = [
    ...['--data-dir', path.join(sandbox.directory, 'etcd'), '--log-level', 'error'],
    ...['--listen-client-urls', urls.client, '--advertise-client-urls', urls.client],
    ...['--listen-peer-urls', urls.peer, '--initial-advertise-peer-urls', urls.peer],
    ...['--initial-cluster', `default=${urls.peer}`],
  ]
  const child = spawn(stdout.trim(), args, { stdio: ['ignore', 'ignore', 'ignore'] })
  for (let tries = 0; tries < 100; tries += 1) {
    const health = await fetch(`${urls.client}/health`).catch(() => undefined)
    if (health?.ok) return toProcess(child, port)
    await new Promise(resolve => setTimeout(resolve, 100))
  }
  throw new Error('etcd does not answer')
}

async function putIntoEtcd({ port }: ServerProcess, file: string): Promise<Target> {
  const [key, value] = [Buffer.from('tools'), await readFile(file)].map(bytes => bytes.toString('base64'))
  const post = { method: 'POST', body: JSON.stringify({ key, value }) }
  const put = await fetch(`http://127.0.0.1:${port}/v3/kv/put`, post)
  if (!put.ok) throw new Error(`etcd answers ${put.status}`)
  return { port, request: toRequest('POST', '/v3/kv/range', {}, JSON.stringify({ key })) }
}

async function findPort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise(resolve => server.close(resolve))
  if (typeof address !== 'object' || address === null) throw new Error('there is no free port')
  return address.port
}
