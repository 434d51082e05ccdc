import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

export interface Target {
  readonly port: number
  /** What is sent, byte for byte. Every answer to it has to have the same length. */
  readonly request: string
}

/** Connections at once, each with one request under way. */
const connections = 16
/** Connections of a steady load, of which each waits for its answer. */
const steadyConnections = 64
/** Time for the last answers, in seconds. */
const patience = 5

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
  const isOver = () =>
    latencies.length >= total || performance.now() - startedAt > (seconds + patience) * 1000
  const workers = Array.from({ length: steadyConnections }, async () =>
    sendDue({ due, latencies, isOver }, await openAsker(target, length)),
  )
  await makeDue(due, { perSecond, total, startedAt })
  await Promise.allSettled(workers)
  return { latencies: latencies.sort((a, b) => a - b), failed: total - latencies.length }
}

interface Steady {
  /** When requests are due, the oldest first. */
  readonly due: number[]
  readonly latencies: number[]
  readonly isOver: () => boolean
}

/** Sends what is due, one after the other, and notes how long each took since it was due. */
async function sendDue({ due, latencies, isOver }: Steady, { ask, close }: Asker): Promise<void> {
  while (!isOver()) {
    const next = due.shift()
    if (next === undefined) await new Promise(resolve => setTimeout(resolve, 1))
    // One that had to wait for others took longer, not less. One without an answer is missed in the end.
    else if (await ask().then(succeed, fail)) latencies.push(performance.now() - next)
  }
  close()
}

const [succeed, fail] = [() => true, () => false]

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

interface Asker {
  readonly ask: () => Promise<void>
  readonly close: () => void
}

/** Asks over one connection, and over another one when that was ended for want of requests. */
async function openAsker({ port, request }: Target, length: number): Promise<Asker> {
  let socket = await open(port)
  const ask = async () => {
    if (socket.destroyed || socket.readableEnded) socket = await open(port)
    await exchange(socket, request, length)
  }
  return { ask, close: () => socket.destroy() }
}

function exchange(socket: Socket, request: string, length: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let received = 0
    const finish = (settle: () => void) => {
      socket.off('data', count).off('close', hangUp)
      settle()
    }
    const count = (data: Buffer) => {
      received += data.length
      if (received >= length) finish(resolve)
    }
    const hangUp = () => finish(() => reject(new Error('the server hung up')))
    socket.on('data', count).on('close', hangUp)
    socket.write(request)
  })
}

async function open(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  socket.setNoDelay(true)
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  return socket
}
