import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import nodePath from 'node:path'
import { createInterface } from 'node:readline'
import { expect, onTestFinished, test } from 'vitest'
import type { ServeEvent } from '../../src/server/serve-request.ts'
import { soundTexts, writeHome } from '../support/homes/valid-home.ts'
import { startProgram } from '../support/processes/run-program.ts'
import { temporaryDirectory } from '../support/test-host.ts'

/** Starts the built server, and waits until it serves. */
async function startServer(directory: string, home: string) {
  const child = startProgram(['serve', '--port', '0', '--no-sync', '--home', home, '--log-format', 'json'], {
    directory,
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const ended = once(child, 'exit')
  if (child.stderr === null) throw new Error('its stderr is a pipe')
  for await (const line of createInterface(child.stderr)) {
    const event: ServeEvent = JSON.parse(line)
    if (event.event === 'listening') return { child, ended, url: event.url }
  }
  throw new Error('it ended before it served')
}

/** What curl prints, as it comes. */
function curl(...args: readonly string[]) {
  const child = spawn('curl', ['-sN', ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
  })
  return { text: () => text, ended: once(child, 'close') }
}

test('curl is told of a change and of the end, and the server ends at once with its port free', async () => {
  const directory = await temporaryDirectory()
  const home = nodePath.join(directory, 'home')
  await mkdir(home, { mode: 0o700 })
  await writeHome(home)
  const { child, ended, url } = await startServer(directory, home)
  // Whoever was asked for its metrics has begun to watch itself, which must not keep it alive.
  await fetch(`${url}/metrics`)
  const stream = curl(`${url}/events`)
  await expect.poll(stream.text).toContain('retry: 2000')
  const file = nodePath.join(home, 'tool_registry.json')
  await writeFile(`${file}.new`, JSON.stringify({ docker: JSON.parse(soundTexts.tools).docker }))
  await rename(`${file}.new`, file)
  await expect.poll(stream.text, { timeout: 5000 }).toContain('"removed":["gpu","podman"]')
  child.kill('SIGTERM')
  expect(await ended).toEqual([0, null])
  expect(await stream.ended).toEqual([0, null])
  expect(stream.text()).toContain('event: goodbye')
  const port = Number(new URL(url).port)
  const server = createServer().listen(port, '127.0.0.1')
  await once(server, 'listening')
  server.close()
})
