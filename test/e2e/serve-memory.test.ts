import { readFile } from 'node:fs/promises'
import http from 'node:http'
import { expect, test } from 'vitest'
import { type ServedProgram, serveProgram } from '../support/served-program.ts'

const mebibyte = 1024 * 1024

/** Memory that a process holds, in bytes, as the kernel counts it. */
async function memoryOf({ child }: ServedProgram): Promise<number> {
  const status = await readFile(`/proc/${child.pid}/status`, 'utf8')
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) * 1024
}

/** Requests of all sorts, one after another on each of a few connections. */
async function ask(served: ServedProgram, count: number): Promise<void> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: connections })
  const token = await served.token('admin')
  const questions: readonly http.RequestOptions[] = [
    { path: '/registries/tools' },
    { path: '/registries/tools', headers: { 'accept-encoding': 'br' } },
    { path: '/registries/models/gpt-4o' },
    { path: '/registries/hyper', headers: { authorization: `Bearer ${token}` } },
    { path: '/registries/hyper' },
    { path: '/nothing' },
    { path: '/registries/tools', method: 'POST' },
    { path: '/registries/tools', headers: { 'if-none-match': '*' } },
    { path: '/registries/tools', headers: { host: 'evil' } },
    { path: '/registries/tools', headers: { authorization: `Bearer guess` } },
  ]
  let sent = 0
  const work = async () => {
    while (sent < count) await once({ ...questions[sent++ % questions.length], port: served.port, agent })
  }
  await Promise.all(Array.from({ length: connections }, work))
  agent.destroy()
}

const connections = 4

function once(options: http.RequestOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const call = http.request({ host: '127.0.0.1', ...options }, response => {
      response.resume()
      response.on('end', resolve)
    })
    call.on('error', reject)
    call.end()
  })
}

/** The least memory held while so many requests are answered: what waits to be collected comes and goes. */
async function findFloor(served: ServedProgram, count: number): Promise<number> {
  const found: number[] = []
  for (let asked = 0; asked < count; asked += 4000) {
    await ask(served, 4000)
    found.push(await memoryOf(served))
  }
  return Math.min(...found)
}

test.runIf(process.platform === 'linux')('100,000 requests in sequence leave memory flat', async () => {
  const served = await serveProgram()
  // By then V8 has made all the room for young objects that it makes.
  await ask(served, 60_000)
  const before = await findFloor(served, 40_000)
  expect((await findFloor(served, 40_000)) - before).toBeLessThan(16 * mebibyte)
})
