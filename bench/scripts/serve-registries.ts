import { readFileSync, statSync } from 'node:fs'
import http from 'node:http'
import path from 'node:path'

// Serves the registries of a home on a free port of loopback, until stdin ends. What a path begins with says how often a
// document is another one when it is asked for; all others are another one when their file is.

/** Requests for documents between two changes. That of an hour of polls of seven, or nearly: a prime reaches all. */
const everySo = { changing: 1, seldom: 419 } as const

const [home = ''] = process.argv.slice(2)
const versions = new Map<string, number>()
let asked = 0

const server = http.createServer((request, response) => {
  const { pathname } = new URL(request.url ?? '', 'http://localhost')
  if (pathname.startsWith('/health/')) return response.writeHead(404).end()
  const file = path.join(home, path.basename(pathname))
  const version = nextVersion(pathname)
  const tag = `"${statSync(file).mtimeMs}-${version}"`
  if (request.headers['if-none-match'] === tag) return response.writeHead(304, { etag: tag }).end()
  const text = readFileSync(file, 'utf8')
  response.writeHead(200, { 'content-type': 'application/json', etag: tag })
  return response.end(version === undefined ? text : touch(text, version))
})

function nextVersion(pathname: string): number | undefined {
  asked += 1
  const [, manner = ''] = pathname.split('/')
  const every = manner === 'changing' || manner === 'seldom' ? everySo[manner] : Number.POSITIVE_INFINITY
  if (asked % every === 0) versions.set(pathname, asked)
  return versions.get(pathname)
}

// Every entry says something else than the last time.
function touch(text: string, version: number): string {
  const entries: Record<string, unknown> = JSON.parse(text)
  const touched = Object.entries(entries).map(([id, entry]) =>
    typeof entry === 'object' ? [id, { ...entry, description: `Version ${version}` }] : [id, entry],
  )
  return JSON.stringify(Object.fromEntries(touched))
}

server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  process.stdout.write(`${typeof address === 'object' ? address?.port : ''}\n`)
})
process.stdin.resume().on('end', () => process.exit())
