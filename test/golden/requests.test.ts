import { once } from 'node:events'
import http from 'node:http'
import { createInterface } from 'node:readline'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createFixedMachine, type FixedMachine, startFixedServices } from './support/fixed-machine.ts'
import { goldenFile, toGoldenText } from './support/golden-text.ts'
import { type RequestRow, requestRows, type Sender } from './support/request-rows.ts'

const results = new Map<string, string>()
const cleanups: (() => Promise<unknown> | unknown)[] = []

beforeAll(async () => {
  const services = await startFixedServices()
  const machine = await createFixedMachine(services.port)
  cleanups.push(services.stop, machine.remove)
  const tokens = await prepare(machine)
  const { port, events } = await serve(machine)
  for (const row of requestRows) {
    const sign = { port, token: tokens.get(row.sender ?? 'nobody') }
    let answer = await send(row, sign)
    for (let tries = 0; answer.body.includes('it is being measured') && tries < 600; tries++) {
      await setTimeout(100)
      answer = await send(row, sign)
    }
    results.set(row.file, toGolden(toText(row, answer), port, machine))
  }
  results.set('serve/log', toGolden(`${events.join('\n')}\n`, port, machine))
}, 300_000)

afterAll(async () => {
  for (const clean of cleanups.reverse()) await clean()
})

test.each([...requestRows.map(({ file }) => file), 'serve/log'])('%s', async file => {
  await expect(results.get(file)).toMatchFileSnapshot(goldenFile(file))
})

/** A synced home, and a token for each sender that has one. */
async function prepare(machine: FixedMachine): Promise<ReadonlyMap<Sender, string>> {
  const create = (role: string) => ({ args: ['token', 'create', '--role', role] })
  const [, writer, admin] = await machine.run([{ args: ['sync'] }, create('tool-detection'), create('admin')])
  return new Map<Sender, string>([
    ['tool-detection', writer?.stdout.trim() ?? ''],
    ['admin', admin?.stdout.trim() ?? ''],
  ])
}

/** Starts the server; `events` gets what it logs. */
async function serve(machine: FixedMachine): Promise<{ readonly port: number; readonly events: string[] }> {
  const child = machine.start({ args: ['serve', '--port', '0', '--no-sync', '--log-format', 'json'] })
  const ended = once(child, 'close')
  cleanups.push(() => {
    child.kill('SIGTERM')
    return ended
  })
  const events: string[] = []
  child.stdout?.resume()
  if (child.stderr === null) throw new Error('the server has no stderr')
  const lines = createInterface(child.stderr)
  lines.on('line', line => events.push(line))
  for (;;) {
    const [line] = await Promise.race([once(lines, 'line'), ended.then(() => [undefined])])
    if (line === undefined) throw new Error(`the server ended: ${events.join('\n')}`)
    const port = /http:\/\/127\.0\.0\.1:(\d+)/.exec(String(line))?.[1]
    if (port !== undefined) return { port: Number(port), events }
  }
}

interface Answer {
  readonly status: number | undefined
  readonly headers: http.IncomingHttpHeaders
  readonly body: string
}

async function send(
  { path, method = 'GET', headers = {}, body }: RequestRow,
  { port, token }: { readonly port: number; readonly token: string | undefined },
): Promise<Answer> {
  const signIn = token === undefined ? {} : { authorization: `Bearer ${token}` }
  const type = body === undefined ? {} : { 'content-type': 'application/json' }
  const request = http.request({ host: '127.0.0.1', port, path, method, agent: false })
  const all = { 'accept-encoding': 'identity', ...type, ...signIn, ...headers }
  for (const [name, value] of Object.entries(all)) request.setHeader(name, value)
  return new Promise((resolve, reject) => {
    request.on('error', reject)
    request.on('response', response => {
      const chunks: Buffer[] = []
      const settle = () => {
        const { statusCode: status, headers: received } = response
        resolve({ status, headers: received, body: Buffer.concat(chunks).toString() })
      }
      response.on('data', chunk => {
        chunks.push(chunk)
        // A stream of events goes on for ever: what it begins with is enough.
        if (!response.headers['content-type']?.startsWith('text/event-stream')) return
        settle()
        request.destroy()
      })
      response.on('end', settle)
      response.on('error', reject)
    })
    request.end(body === undefined || typeof body === 'string' ? body : JSON.stringify(body))
  })
}

/** Headers that belong to the connection or the time, or follow from the body. */
const unnamed = ['date', 'connection', 'keep-alive', 'transfer-encoding', 'content-length']

function toText(
  { path, method = 'GET', sender = 'nobody', headers = {} }: RequestRow,
  answer: Answer,
): string {
  const lines = (values: Readonly<Record<string, unknown>>) =>
    Object.entries(values)
      .filter(([name]) => !unnamed.includes(name))
      .map(([name, value]) => `${name}: ${value}`)
      .sort()
  const asked = [`${method} ${path}`, `from: ${sender}`, ...lines(headers)]
  const head = ['', `--- ${answer.status}`, ...lines(answer.headers)]
  return `${[...asked, ...head, '', answer.body.replace(/\n$/, '')].join('\n')}\n`
}

// Whoever writes the log cannot know which port is free.
function toGolden(text: string, port: number, machine: FixedMachine): string {
  return toGoldenText(text, machine).replace(new RegExp(`(?<!\\d)${port}(?!\\d)`, 'g'), '4780')
}
