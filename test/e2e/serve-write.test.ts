import { type ChildProcess, execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { expect, onTestFinished, type TestContext, test } from 'vitest'
import { createToken } from '../../src/security/tokens.ts'
import { mountSmallDisk, remountReadOnly } from '../support/homes/small-disk.ts'
import { writeHome } from '../support/homes/valid-home.ts'
import { serveWritableHome, writableTexts } from '../support/homes/writable-home.ts'
import { startProgram } from '../support/processes/run-program.ts'
import { createTestHost, type TestHost } from '../support/test-host.ts'

const there = { 'if-match': '*' }
const docker = '/registries/tools/docker'

test('killed while it writes, the server leaves the old file or the new one, and the next one goes on', {
  timeout: 180_000,
}, async () => {
  const host = await createTestHost()
  const home = nodePath.join(host.directory, 'home')
  await mkdir(home)
  await writeHome(home, writableTexts)
  // Large enough that writing it takes a while.
  const many = Array.from({ length: 3000 }, (_, index) => [
    `m${index}`,
    JSON.parse(writableTexts.models).tiny,
  ])
  const models = { ...JSON.parse(writableTexts.models), ...Object.fromEntries(many) }
  await writeFile(nodePath.join(home, 'model_registry.json'), JSON.stringify(models, null, 2))
  const token = (await createToken(home, { role: 'admin', note: null, expiresAt: null }, host)).token
  let last = -1
  for (let round = 0; round < 8; round++) {
    const { child, url } = await startServer(home, host)
    const patch = (count: number) => send(`${url}/registries/models/tiny`, token, { description: `${count}` })
    const first = await patch(round * 1000)
    expect(first).toBe(200)
    let sent = round * 1000
    const writing = (async () => {
      for (;;) {
        sent += 1
        if ((await patch(sent).catch(() => 0)) === 0) return
        last = sent
      }
    })()
    await delay(100 + Math.random() * 250)
    child.kill('SIGKILL')
    await writing
    const found = JSON.parse(await readFile(nodePath.join(home, 'model_registry.json'), 'utf8'))
    // What was answered is there; what was not may be.
    expect([last, sent, round * 1000]).toContain(Number(found.tiny.description))
    expect(Number(found.tiny.description)).toBeGreaterThanOrEqual(Math.max(last, round * 1000))
    expect(Object.keys(found)).toHaveLength(Object.keys(models).length)
  }
  const { child, url } = await startServer(home, host)
  expect(await send(`${url}/registries/models/tiny`, token, { description: 'end' })).toBe(200)
  child.kill('SIGTERM')
  await once(child, 'close')
  expect((await readdir(home)).filter(name => name.startsWith('.nexus-registry'))).toEqual([])
})

async function startServer(home: string, host: TestHost): Promise<{ child: ChildProcess; url: string }> {
  const args = ['serve', '--home', home, '--port', '0', '--no-sync', '--log-format', 'json']
  const env = { XDG_STATE_HOME: host.env.XDG_STATE_HOME }
  const child = startProgram(args, { directory: host.directory, env })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  if (!child.stderr) throw new Error('the server has no stderr')
  for await (const line of createInterface(child.stderr)) {
    const url = /"url":"([^"]+)"/.exec(line)?.[1]
    if (url === undefined) continue
    child.stderr.resume()
    return { child, url }
  }
  throw new Error('the server ended without an address')
}

async function send(url: string, token: string, body: object): Promise<number> {
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/merge-patch+json',
    ...there,
  }
  const answer = await fetch(url, { method: 'PATCH', headers, body: JSON.stringify(body) })
  await answer.text()
  return answer.status
}

test('curl writes an entry, sees it, and takes it away', async () => {
  const host = await createTestHost()
  const home = nodePath.join(host.directory, 'home')
  await mkdir(home)
  await writeHome(home, writableTexts)
  const token = (await createToken(home, { role: 'tool-detection', note: null, expiresAt: null }, host)).token
  const { url } = await startServer(home, host)
  const curl = async (...args: string[]) =>
    (await promisify(execFile)('curl', ['-sS', '-w', '%{http_code}', ...args])).stdout
  const bearer = ['-H', `Authorization: Bearer ${token}`]
  const entry = '{"detection": "which git", "env_var": "NEXUS_HAS_GIT"}'
  const path = `${url}/registries/tools/git`
  const json = ['-H', 'Content-Type: application/json']
  const put = ['-X', 'PUT', ...bearer, ...json, '-d', entry]
  expect(await curl(...put, path)).toMatch(/428$/)
  expect(await curl(...put, '-H', 'If-None-Match: *', path)).toMatch(/"outcome": "created"[\s\S]*201$/)
  expect(await curl(path)).toMatch(/"which git"[\s\S]*"x-upstream": "http-api"[\s\S]*200$/)
  expect(await curl('-X', 'DELETE', path)).toMatch(/401$/)
  expect(await curl('-X', 'DELETE', ...bearer, '-H', 'If-Match: *', path)).toMatch(/"removed"[\s\S]*200$/)
  expect(await readFile(nodePath.join(home, 'tool_registry.json'), 'utf8')).toBe(writableTexts.tools)
})

async function serveOnSmallDisk(context: TestContext, size: string) {
  const { directory } = await createTestHost()
  const disk = nodePath.join(directory, 'disk')
  await mkdir(disk)
  if (!mountSmallDisk(disk, size)) context.skip('mounting is not permitted')
  return { disk, served: await serveWritableHome({ directory: disk }) }
}

test('a write that the disk has no room for changes nothing, and is told as that', async context => {
  const { served } = await serveOnSmallDisk(context, '96k')
  const body = { 'x-large': 'x'.repeat(100_000) }
  const answer = await served.ask('PATCH', docker, { role: 'admin', headers: there, body })
  expect([answer.status, answer.json]).toEqual([
    507,
    expect.objectContaining({ title: 'Insufficient Storage' }),
  ])
  expect(answer.text).not.toContain(served.home.directory)
  expect(await served.read('tools')).toBe(writableTexts.tools)
  // On record as made before the disk was asked: the last line of a request counts.
  const lines = await served.record()
  expect(lines.at(-1)).toMatchObject({
    status: 507,
    outcome: 'failed',
    reason: expect.stringContaining('no space'),
  })
  expect(lines.filter(({ outcome }) => outcome === 'updated')).toEqual([])
  expect(
    (await served.ask('PATCH', docker, { role: 'admin', headers: there, body: { description: 'x' } })).status,
  ).toBe(200)
})

test('a home that may not be written is told as that', async context => {
  const { disk, served } = await serveOnSmallDisk(context, '256k')
  const token = await served.token('admin')
  remountReadOnly(disk)
  expect(token).toMatch(/^nxr_/)
  const answer = await served.ask('PATCH', docker, {
    role: 'admin',
    headers: there,
    body: { description: 'x' },
  })
  expect([answer.status, answer.json.detail]).toEqual([503, expect.stringContaining('cannot be written')])
  expect(answer.text).not.toContain(disk)
  expect((await served.ask('GET', docker)).status).toBe(200)
})

test('a write whose line the disk of the record has no room for is not made', async context => {
  const { directory } = await createTestHost()
  const disk = nodePath.join(directory, 'disk')
  await mkdir(disk)
  if (!mountSmallDisk(disk, '64k')) context.skip('mounting is not permitted')
  const served = await serveWritableHome({ env: { XDG_STATE_HOME: disk } })
  await served.token('admin')
  await writeFile(nodePath.join(disk, 'full'), 'x'.repeat(100_000)).catch(() => undefined)
  const answer = await served.ask('PATCH', docker, {
    role: 'admin',
    headers: there,
    body: { description: 'x' },
  })
  expect([answer.status, answer.json.detail]).toEqual([503, expect.stringContaining('cannot be recorded')])
  expect(await served.read('tools')).toBe(writableTexts.tools)
})
