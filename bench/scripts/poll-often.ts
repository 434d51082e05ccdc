import { readFileSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import path from 'node:path'
import { createHost } from '../../src/platform/node/create-host.ts'
import { sync } from '../../src/sync/sync.ts'

// Syncs the models of the home `argv[2]` with an upstream in this process, as often as the last of the other arguments
// says, and prints the megabytes of the heap after each of these numbers of polls. Needs --expose-gc. Most polls find
// nothing new, every fiftieth a document that has changed, and every hundredth an upstream that is down.

const [, , directory = '', ...counts] = process.argv
const wanted = counts.map(Number)
let asked = 0

const server = http.createServer((request, response) => {
  if (request.url !== '/models.json') return response.writeHead(404).end()
  asked += 1
  if (asked % 100 === 0) return response.writeHead(503).end()
  const tag = `"${Math.floor(asked / 50)}"`
  if (request.headers['if-none-match'] === tag) return response.writeHead(304, { etag: tag }).end()
  response.writeHead(200, { 'content-type': 'application/json', etag: tag })
  return response.end(models.replaceAll('"description"', `"x-version": ${asked}, "description"`))
})
const models = readFileSync(path.join(directory, 'model_registry.json'), 'utf8')

server.listen(0, '127.0.0.1', async () => {
  const address = server.address()
  pointTo(`http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/models.json`)
  console.log(JSON.stringify(await poll()))
  process.exit()
})

function pointTo(url: string): void {
  const file = path.join(directory, 'hyper_registry.json')
  const hyper = JSON.parse(readFileSync(file, 'utf8'))
  hyper.sub_registries.models.url = url
  hyper.sync_protocol.retry_attempts = 0
  writeFileSync(file, JSON.stringify(hyper))
}

async function poll(): Promise<number[]> {
  const host = createHost({ interrupted: new AbortController().signal })
  const network = { allowPrivate: ['localhost'], upstreams: {} }
  const megabytes: number[] = []
  for (let index = 1; index <= Math.max(...wanted); index++) {
    const options = { mode: 'normal', isForced: false, isDryRun: false, only: ['models'], network } as const
    await sync({ directory, origin: 'flag' }, options, host)
    if (wanted.includes(index)) megabytes.push(readHeap())
  }
  return megabytes
}

function readHeap(): number {
  if (globalThis.gc === undefined) throw new Error('there is no collector: --expose-gc')
  // What finalizers let go of is collected by the second one.
  globalThis.gc()
  globalThis.gc()
  return process.memoryUsage().heapUsed / 1_000_000
}
