import { connect, type Socket } from 'node:net'
import type { Benchmark } from '../benchmark.ts'
import { startServer } from '../server.ts'

const attackers = 400

/** Connections that send the head of a request a byte a second, and a user meanwhile. */
export const serveSlow: Benchmark = {
  name: 'serve-slow',
  what: `${attackers} connections that never finish their request (slow-loris)`,
  runs: 3,
  warmUps: 0,
  prepare: async sandbox => {
    const { port } = await startServer(sandbox, '--no-sync')
    return {
      contenders: [
        {
          quantities: [
            { label: 'Until all of them are hung up on', unit: 'ms', comparisons: [atMost(8000)] },
            { label: 'Slowest request of a user meanwhile', unit: 'ms', comparisons: [atMost(100)] },
          ],
          run: () => attack(port),
        },
      ],
    }
  },
}

function atMost(value: number) {
  return { kind: 'absolute', atMost: value } as const
}

async function attack(port: number): Promise<readonly number[]> {
  const startedAt = performance.now()
  let open = attackers
  const ended = Promise.all(
    Array.from({ length: attackers }, async () => {
      await drip(connect(port, '127.0.0.1'))
      open -= 1
    }),
  )
  let slowest = 0
  while (open > 0) {
    const askedAt = performance.now()
    await (await fetch(`http://127.0.0.1:${port}/health`)).text()
    slowest = Math.max(slowest, performance.now() - askedAt)
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  await ended
  return [performance.now() - startedAt, slowest]
}

/** Settles when the other side has hung up. */
function drip(socket: Socket): Promise<void> {
  return new Promise(resolve => {
    socket.on('error', () => undefined)
    socket.on('connect', () => socket.write('GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: '))
    const timer = setInterval(() => socket.write('a'), 1000)
    socket.resume()
    socket.on('close', () => {
      clearInterval(timer)
      resolve()
    })
  })
}
