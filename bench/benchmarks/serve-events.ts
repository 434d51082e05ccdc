import { readFile, rename, writeFile } from 'node:fs/promises'
import { get, type IncomingMessage } from 'node:http'
import path from 'node:path'
import { registryFiles } from '../../src/registry/schema/names.ts'
import type { Benchmark } from '../benchmark.ts'
import type { Sandbox } from '../sandbox.ts'
import { readMemory, type ServerProcess, startServer } from '../server.ts'

const streams = 1000

/** How soon all who listen hear of a change. */
export const serveEvents: Benchmark = {
  name: 'serve-events',
  what: `Notify ${streams} open event streams of a change`,
  runs: 5,
  warmUps: 1,
  prepare: async sandbox => {
    const server = await startServer(sandbox, '--no-sync')
    const readers = await Promise.all(Array.from({ length: streams }, () => openStream(server)))
    return {
      contenders: [
        {
          quantities: [
            { label: 'From the edit until all have heard of it', unit: 'ms', comparisons: [atMost(250)] },
            { label: 'Memory of the server with all of them', unit: 'MB', comparisons: [atMost(150)] },
          ],
          run: async () => {
            const heard = Promise.all(readers.map(hearChange))
            const startedAt = performance.now()
            await edit(sandbox)
            await heard
            return [performance.now() - startedAt, await readMemory(server.pid)]
          },
        },
      ],
    }
  },
}

function atMost(value: number) {
  return { kind: 'absolute', atMost: value } as const
}

function openStream({ port }: ServerProcess): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = get({ port, host: '127.0.0.1', path: '/events', agent: false }, resolve)
    request.on('error', reject)
  })
}

function hearChange(stream: IncomingMessage): Promise<void> {
  return new Promise(resolve => {
    const listen = (data: Buffer) => {
      if (!data.includes('event: change')) return
      stream.off('data', listen)
      resolve()
    }
    stream.on('data', listen)
  })
}

let edits = 0

async function edit({ home }: Sandbox): Promise<void> {
  const file = path.join(home, registryFiles.models)
  const models = JSON.parse(await readFile(file, 'utf8'))
  edits += 1
  models['gpt-4o'].context_tokens = 100_000 + edits
  await writeFile(`${file}.new`, JSON.stringify(models, null, 2))
  await rename(`${file}.new`, file)
}
