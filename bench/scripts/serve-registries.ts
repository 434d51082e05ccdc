import { readFileSync } from 'node:fs'
import http from 'node:http'
import path from 'node:path'

// Serves the registries of a home on a free port of loopback, until stdin ends. Those below /changing/ are others each
// time that they are asked for.
const [home = ''] = process.argv.slice(2)
let asked = 0

const server = http.createServer((request, response) => {
  const { pathname } = new URL(request.url ?? '', 'http://localhost')
  if (pathname.startsWith('/health/')) return response.writeHead(404).end()
  const text = readFileSync(path.join(home, path.basename(pathname)), 'utf8')
  const isChanging = pathname.startsWith('/changing/')
  asked += 1
  const tag = isChanging ? `"${asked}"` : '"1"'
  if (request.headers['if-none-match'] === tag) return response.writeHead(304, { etag: tag }).end()
  response.writeHead(200, { 'content-type': 'application/json', etag: tag })
  return response.end(isChanging ? touch(text) : text)
})

// Every entry says something else than the last time.
function touch(text: string): string {
  const entries: Record<string, unknown> = JSON.parse(text)
  const touched = Object.entries(entries).map(([id, entry]) =>
    typeof entry === 'object' ? [id, { ...entry, description: `Version ${asked}` }] : [id, entry],
  )
  return JSON.stringify(Object.fromEntries(touched))
}

server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  process.stdout.write(`${typeof address === 'object' ? address?.port : ''}\n`)
})
process.stdin.resume().on('end', () => process.exit())
