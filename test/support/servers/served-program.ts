import { cp } from 'node:fs/promises'
import net from 'node:net'
import nodePath from 'node:path'
import { onTestFinished } from 'vitest'
import type { Role } from '../../../src/registry/schema/access.ts'
import { createToken } from '../../../src/security/tokens.ts'
import { hearDaemon, type TestDaemon } from '../processes/daemon.ts'
import { type ProgramOptions, startProgram } from '../processes/run-program.ts'
import { createTestHost, temporaryDirectory } from '../test-host.ts'

export interface ServedProgram extends TestDaemon {
  readonly url: string
  readonly port: number
  /** Directory of the registries. */
  readonly home: string
  readonly options: ProgramOptions
  readonly token: (role: Role) => Promise<string>
}

/** Starts the built server for a copy of the shipped registries, on a free port. It is killed when the test is done. */
export async function serveProgram(
  args: readonly string[] = [],
  { directory, env = {} }: Partial<ProgramOptions> = {},
): Promise<ServedProgram> {
  const place = directory ?? (await temporaryDirectory())
  const state = { XDG_STATE_HOME: nodePath.join(place, 'state') }
  const options = { directory: place, env: { ...state, ...env } }
  const home = nodePath.join(place, 'home')
  await cp('registries', home, { recursive: true })
  const where = args.includes('--socket') || args.includes('--port') ? [] : ['--port', '0']
  const still = args.includes('--sync') ? [] : ['--no-sync']
  const common = ['serve', '--home', home, ...still, '--log-format', 'json']
  const daemon = hearDaemon(
    startProgram([...common, ...where, ...args.filter(arg => arg !== '--sync')], options),
  )
  const { url } = await daemon.next('listening')
  const host = await createTestHost({ env: state })
  return {
    ...daemon,
    url,
    port: url.startsWith('http') ? Number(new URL(url).port) : 0,
    home,
    options,
    token: async role => (await createToken(home, { role, note: null, expiresAt: null }, host)).token,
  }
}

export interface RawCall {
  readonly socket: net.Socket
  /** What has come back so far. */
  readonly received: () => string
  /** All that came back, when the connection is over, and how long that took in milliseconds. */
  readonly ended: Promise<{ readonly text: string; readonly ms: number }>
}

/** Opens a connection to a port of this machine, for bytes that no client would send. */
export function callRaw(port: number, bytes: string | Uint8Array = ''): RawCall {
  const startedAt = performance.now()
  const socket = net.connect(port, '127.0.0.1')
  let text = ''
  socket.on('data', chunk => {
    text += chunk.toString('latin1')
  })
  socket.on('error', () => undefined)
  if (bytes.length > 0) socket.write(bytes)
  onTestFinished(() => {
    socket.destroy()
  })
  const ended = new Promise<{ text: string; ms: number }>(resolve => {
    socket.on('close', () => resolve({ text, ms: performance.now() - startedAt }))
  })
  return { socket, received: () => text, ended }
}

/** What a server says to these bytes. It is asked to hang up after the last request of them. */
export async function sayRaw(port: number, bytes: string | Uint8Array, timeoutMs = 3000): Promise<string> {
  const call = callRaw(port, bytes)
  const late = new Promise<string>(resolve => {
    setTimeout(() => resolve(`${call.received()}(open)`), timeoutMs)
  })
  return Promise.race([late, call.ended.then(({ text }) => text)])
}
