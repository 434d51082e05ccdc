import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { cp } from 'node:fs/promises'
import nodePath from 'node:path'
import { createInterface } from 'node:readline'
import { expect, onTestFinished, test } from 'vitest'
import { startProgram } from '../support/processes/run-program.ts'
import { temporaryDirectory } from '../support/test-host.ts'

/** Starts the built server, and waits until it says where it is. It ends with the test. */
async function startServer(...args: readonly string[]): Promise<{ url: string; directory: string }> {
  const directory = await temporaryDirectory()
  await cp('registries', nodePath.join(directory, 'home'), { recursive: true })
  const own = ['serve', '--home', nodePath.join(directory, 'home'), '--no-sync', '--log-format', 'json']
  const child = startProgram([...own, ...args], { directory })
  onTestFinished(async () => {
    const closed = once(child, 'close')
    child.kill('SIGTERM')
    await closed
  })
  if (child.stderr === null) throw new Error('it has a stderr')
  for await (const line of createInterface(child.stderr)) {
    const event: { event?: string; url?: string } = JSON.parse(line)
    if (event.event === 'listening') return { url: event.url ?? '', directory }
  }
  throw new Error('it ended before it served')
}

function run(command: string, cwd: string): string {
  return execFileSync('bash', ['-o', 'pipefail', '-c', command], { cwd, encoding: 'utf8', timeout: 20_000 })
}

test('curl and jq read from the built server what there is', async () => {
  const { url, directory } = await startServer('--port', '0')
  const listed: string[] = JSON.parse(run(`curl -s ${url}/openapi.json | jq -c '.paths | keys'`, directory))
  expect(listed).toEqual(expect.arrayContaining(['/', '/docs', '/health', '/registries/{registry}']))
  const operations = `[.paths[] | keys[] | select(IN("get", "post", "put", "patch", "delete"))] | length`
  expect(run(`curl -s --compressed ${url}/docs | grep -c '<article'`, directory)).toBe(
    run(`curl -s ${url}/openapi.json | jq '${operations}'`, directory),
  )
  expect(run(`curl -s ${url}/ | jq -r ._links.docs.href`, directory).trim()).toBe('/docs')
  const led = run(
    `curl -sL -H 'Accept: text/html' -o page -w '%{url_effective} %{http_code}' ${url}/`,
    directory,
  )
  expect(led).toBe(`${url}/ 200`)
})

test('examples of a server behind a socket say so, and not where it is', async () => {
  const { directory } = await startServer('--socket', 'nexus.sock')
  const page = run('curl -s --unix-socket nexus.sock http://localhost/docs', directory)
  expect(page).toContain('curl -s --unix-socket SOCKET http://localhost/health')
  expect(page).not.toContain(directory)
})
