import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

export interface Target {
  readonly port: number
  /** What is sent, byte for byte. Every answer to it has to have the same length. */
  readonly request: string
}

/** Connections at once, each with one request under way. */
const connections = 16

/** A request of HTTP/1.1 to a server on this machine. */
export function toRequest(
  method: string,
  path: string,
  headers: Readonly<Record<string, string>> = {},
  body = '',
): string {
  const all = {
    host: '127.0.0.1',
    ...headers,
    ...(body === '' ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
  }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  return `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`
}

/** Time that a request takes on average, in microseconds, when as many are sent as are answered. */
export async function measureCost(target: Target, seconds: number): Promise<number> {
  const length = await measureAnswer(target)
  const until = performance.now() + seconds * 1000
  const startedAt = performance.now()
  const counts = await Promise.all(
    Array.from({ length: connections }, () => keepAsking(target, length, () => performance.now() < until)),
  )
  const count = counts.reduce((sum, each) => sum + each, 0)
  return ((performance.now() - startedAt) * 1000) / count
}

/** How long requests take that come at a steady rate, in milliseconds, sorted; and how many had no answer. */
export async function measureLatencies(
  target: Target,
  { perSecond, seconds }: { readonly perSecond: number; readonly seconds: number },
): Promise<{ readonly latencies: readonly number[]; readonly failed: number }> {
  const length = await measureAnswer(target)
  const [latencies, due]: [number[], number[]] = [[], []]
  const total = perSecond * seconds
  const startedAt = performance.now()
  const workers = Array.from({ length: 64 }, async () => {
    const { ask, close } = await openAsker(target, length)
    for (;;) {
      const next = due.shift()
      if (next === undefined) {
        if (latencies.length >= total || performance.now() - startedAt > (seconds + 5) * 1000) break
        await new Promise(resolve => setTimeout(resolve, 1))
      } else {
        await ask()
        // From when it was due: one that had to wait for others took longer, not less.
        latencies.push(performance.now() - next)
      }
    }
    close()
  })
  await makeDue(due, { perSecond, total, startedAt })
  await Promise.allSettled(workers)
  return { latencies: latencies.sort((a, b) => a - b), failed: total - latencies.length }
}

async function makeDue(
  due: number[],
  {
    perSecond,
    total,
    startedAt,
  }: { readonly perSecond: number; readonly total: number; readonly startedAt: number },
): Promise<void> {
  for (let made = 0; made < total; ) {
    const wanted = Math.min(total, Math.floor(((performance.now() - startedAt) / 1000) * perSecond))
    for (; made < wanted; made += 1) due.push(startedAt + (made / perSecond) * 1000)
    await new Promise(resolve => setTimeout(resolve, 1))
  }
}

/** Bytes of an answer, head and body. */
async function measureAnswer({ port, request }: Target): Promise<number> {
  const socket = await open(port)
  socket.write(request)
  let text = ''
  for (;;) {
    const [data] = await once(socket, 'data')
    text += data.toString('latin1')
    const end = text.indexOf('\r\n\r\n')
    if (end < 0) continue
    const body = Number(/^content-length: (\d+)\r$/im.exec(text)?.[1] ?? 0)
    if (!/^HTTP\/1\.1 (?:200|304) /.test(text)) throw new Error(`the answer is ${text.slice(0, 200)}`)
    socket.destroy()
    return end + 4 + body
  }
}

async function keepAsking(target: Target, length: number, isWanted: () => boolean): Promise<number> {
  const { ask, close } = await openAsker(target, length)
  let count = 0
  for (; isWanted(); count += 1) await ask()
  close()
  return count
}

async function openAsker({ port, request }: Target, length: number) {
  const socket = await open(port)
  let [received, settle, fail]: [number, () => void, (error: Error) => void] = [0, ignore, ignore]
  socket.on('data', data => {
    received += data.length
    if (received >= length) settle()
  })
  socket.on('close', () => fail(new Error('the server hung up')))
  const ask = () =>
    new Promise<void>((resolve, reject) => {
      received = 0
      settle = resolve
      fail = reject
      socket.write(request)
    })
  return { ask, close: () => socket.destroy() }
}

function ignore(): void {}

async function open(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  socket.setNoDelay(true)
  await once(socket, 'connect')
  return socket
}
