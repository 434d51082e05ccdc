import http from 'node:http'
import { expect, test } from 'vitest'
import { openCollector } from '../support/collect-garbage.ts'
import { startServedHome } from '../support/served-home.ts'
import { rounds } from '../support/stress.ts'

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

test('requests of all sorts leave nothing in memory', { timeout: 300_000 }, async () => {
  const { port, token } = await startServedHome()
  const [heapBytes, agent] = [openCollector(), new http.Agent({ keepAlive: true, maxSockets: connections })]
  const questions: readonly http.RequestOptions[] = [
    { path: '/registries/tools' },
    { path: '/registries/tools', headers: { 'accept-encoding': 'br' } },
    { path: '/registries/models/gpt-4o' },
    { path: '/registries/hyper', headers: { authorization: `Bearer ${await token('admin')}` } },
    { path: '/registries/hyper' },
    { path: '/nothing' },
    { path: '/registries/tools', method: 'POST' },
    { path: '/registries/tools', headers: { 'if-none-match': '*' } },
    { path: '/registries/tools', headers: { host: 'evil' } },
    { path: '/registries/tools', headers: { authorization: 'Bearer guess' } },
  ]
  const ask = async (count: number) => {
    let sent = 0
    const work = async () => {
      while (sent < count) await once({ ...questions[sent++ % questions.length], port, agent })
    }
    await Promise.all(Array.from({ length: connections }, work))
    return heapBytes()
  }
  const count = rounds(100_000, 10_000)
  // Caches that are bounded are full by then, and what V8 compiles is compiled.
  const before = await ask(4000)
  const after = await ask(count)
  agent.destroy()
  // What V8 keeps beside comes to some 100 bytes for each of them.
  expect(after - before).toBeLessThan(count * 400)
})
