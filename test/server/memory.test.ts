import http from 'node:http'
import { expect, test } from 'vitest'
import { startServedHome } from '../support/homes/served-home.ts'
import { openCollector } from '../support/processes/collect-garbage.ts'
import { rounds } from '../support/stress.ts'

const connections = 4

type OnHead = (head: readonly string[]) => void

function once(options: http.RequestOptions, onHead: OnHead): Promise<void> {
  return new Promise((resolve, reject) => {
    const call = http.request({ host: '127.0.0.1', ...options }, response => {
      onHead(response.rawHeaders)
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
  const ask = async (count: number, onHead: OnHead = () => undefined) => {
    const before = heapBytes()
    let sent = 0
    const work = async () => {
      while (sent < count) await once({ ...questions[sent++ % questions.length], port, agent }, onHead)
    }
    await Promise.all(Array.from({ length: connections }, work))
    return heapBytes() - before
  }
  const count = rounds(50_000, 5000)
  // Caches that are bounded are full by then, and what V8 compiles is compiled.
  await ask(4000)
  const grown = await ask(count)
  // What it costs to keep no more than the head of each answer says what a leak would cost at least.
  const kept: (readonly string[])[] = []
  const leaked = await ask(count, head => kept.push(head))
  agent.destroy()
  expect(kept.length).toBe(count)
  expect(grown).toBeLessThan(leaked / 2)
})
