import dns from 'node:dns'
import http from 'node:http'
import https from 'node:https'
import net from 'node:net'
import { errorMessage, systemErrorCode } from '../core/errors.ts'
import type { LoopbackAnswer, LoopbackRequest } from '../core/host.ts'

/**
 * Sends a GET to this machine and to no other: the address is judged in the connection's own look-up, so that no name
 * can lead elsewhere between a check and the connection. Redirects are answers, and are not followed.
 */
export async function askLoopback(request: LoopbackRequest): Promise<LoopbackAnswer> {
  const deadline = AbortSignal.timeout(request.timeoutMs)
  const signal = request.signal ? AbortSignal.any([deadline, request.signal]) : deadline
  const url = new URL(request.url)
  // A look-up is only made for names.
  const literal = url.hostname.replace(/^\[|\]$/g, '')
  if (net.isIP(literal) !== 0 && !isLoopback(literal)) return { outcome: 'not-loopback' }
  try {
    return { outcome: 'answered', status: await readStatus(url, request.maxBytes, signal) }
  } catch (error) {
    return deadline.aborted ? { outcome: 'timed-out' } : toAnswer(error)
  }
}

function readStatus(url: URL, maxBytes: number, signal: AbortSignal): Promise<number> {
  const { request } = url.protocol === 'https:' ? https : http
  return new Promise((resolve, reject) => {
    const options = { signal, lookup: lookUpLoopback, agent: false, headers: { connection: 'close' } }
    const call = request(url, options, response => {
      let bytes = 0
      const finish = () => {
        resolve(response.statusCode ?? 0)
        call.destroy()
      }
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length
        // It has said enough: what follows the status is of no interest.
        if (bytes >= maxBytes) finish()
      })
      response.on('end', finish)
      response.on('error', reject)
    })
    call.on('error', reject)
    call.end()
  })
}

const notLoopback = 'ENOTLOOPBACK'

const lookUpLoopback: net.LookupFunction = (hostname, options, callback) => {
  dns.lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return callback(error, '')
    const own = addresses.filter(({ address }) => isLoopback(address))
    const [first] = own
    if (first === undefined) {
      return callback(Object.assign(new Error(`${hostname} is elsewhere`), { code: notLoopback }), '')
    }
    if (options.all) callback(null, own)
    else callback(null, first.address, first.family)
  })
}

function isLoopback(address: string): boolean {
  const loopback = new net.BlockList()
  loopback.addSubnet('127.0.0.0', 8, 'ipv4')
  loopback.addAddress('::1', 'ipv6')
  return loopback.check(address, net.isIPv6(address) ? 'ipv6' : 'ipv4')
}

function toAnswer(error: unknown): LoopbackAnswer {
  const codes = [error, ...(error instanceof AggregateError ? error.errors : [])].map(systemErrorCode)
  if (codes.includes(notLoopback)) return { outcome: 'not-loopback' }
  if (codes.includes('ECONNREFUSED')) return { outcome: 'refused' }
  return { outcome: 'failed', reason: errorMessage(error) }
}
