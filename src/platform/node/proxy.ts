import http from 'node:http'
import net from 'node:net'
import type { Duplex } from 'node:stream'
import ipaddr from 'ipaddr.js'
import { errorMessage } from '../../lib/errors.ts'
import type { Environment } from '../host.ts'

/** How a request gets through a proxy: options for it, or for the connection that it is sent on. */
interface Proxy {
  /** Address and port, for messages: never its user and password. */
  readonly place: string
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
}

/** Variables that name a proxy, the first that is set counts: as curl has it. */
const variables: Readonly<Record<string, readonly string[]>> = {
  'https:': ['https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY'],
  'http:': ['http_proxy', 'HTTP_PROXY', 'all_proxy', 'ALL_PROXY'],
}

/**
 * The proxy for an address, by the variables of the environment; undefined when it is requested directly. Throws a
 * sentence for a variable that names no proxy.
 */
export function findProxy(url: URL, env: Environment): Proxy | undefined {
  const names = (variables[url.protocol] ?? []).filter(name => !isOfCaller(name, env))
  const name = names.find(each => env[each] !== undefined)
  const value = name === undefined ? '' : (env[name] ?? '').trim()
  if (value === '' || isNear(url) || isExcluded(url, env.no_proxy ?? env.NO_PROXY ?? '')) return undefined
  return parseProxy(value, name ?? '')
}

// A web server hands the header `Proxy` of a request to its programs as HTTP_PROXY.
function isOfCaller(name: string, env: Environment): boolean {
  return name === 'HTTP_PROXY' && env.REQUEST_METHOD !== undefined
}

function parseProxy(value: string, name: string): Proxy {
  const text = value.includes('://') ? value : `http://${value}`
  if (!URL.canParse(text))
    throw new Error(`${name} is no address of a proxy, like http://proxy.example.com:3128`)
  const url = new URL(text)
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new Error(
      `${name} names a proxy of ${url.protocol.slice(0, -1)}: only http and https are supported`,
    )
  const isSignedIn = url.username !== '' || url.password !== ''
  const sign = isSignedIn
    ? Buffer.from(`${decode(url.username)}:${decode(url.password)}`).toString('base64')
    : ''
  const headers = isSignedIn ? { 'proxy-authorization': `Basic ${sign}` } : {}
  return { place: url.host, url, headers }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** This machine itself is never requested through a proxy: there it would be another machine. */
function isNear({ hostname }: URL): boolean {
  const host = toPlainHost(hostname)
  if (host === 'localhost' || host.endsWith('.localhost')) return true
  return ipaddr.isValid(host) && ipaddr.process(host).range() === 'loopback'
}

/** Whether NO_PROXY names a host: by `*`, a name with those below it, an address, or a range; with a port or without. */
function isExcluded(url: URL, list: string): boolean {
  const host = toPlainHost(url.hostname)
  const port = url.port || (url.protocol === 'https:' ? '443' : '80')
  return list
    .split(/[\s,]+/)
    .filter(item => item !== '')
    .some(item => item === '*' || matches(item.toLowerCase(), host, port))
}

function matches(item: string, host: string, port: string): boolean {
  const [, bracketed, plain, only] = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d+))?$/.exec(item) ?? []
  // An address of IPv6 may stand without brackets, and then without a port.
  const name = bracketed ?? plain ?? item
  if (only !== undefined && only !== port) return false
  if (ipaddr.isValid(host)) return matchesAddress(name, host)
  const domain = name.replace(/^\*?\./, '').replace(/\.$/, '')
  return domain !== '' && (host === domain || host.endsWith(`.${domain}`))
}

function matchesAddress(item: string, host: string): boolean {
  const address = ipaddr.process(host)
  if (ipaddr.isValid(item)) return ipaddr.process(item).toString() === address.toString()
  if (!ipaddr.isValidCIDR(item)) return false
  const [network, bits] = ipaddr.parseCIDR(item)
  return network.kind() === address.kind() && address.match(network, bits)
}

function toPlainHost(hostname: string): string {
  return hostname
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
}

/** Options of a request to an address of http through a proxy: the proxy is sent the whole address. */
export function toForwardedOptions({ href, hash }: URL, { url: proxy }: Proxy): http.RequestOptions {
  return { ...toProxyAddress(proxy), path: href.slice(0, href.length - hash.length) }
}

/**
 * Opens a connection through a proxy (CONNECT) to what an address of https leads to. Resolves with what encrypts it;
 * rejects with a sentence.
 */
export async function openTunnel(url: URL, proxy: Proxy, signal: AbortSignal): Promise<() => Duplex> {
  const socket = await connect(url, proxy, signal)
  const host = toPlainHost(url.hostname)
  const servername = net.isIP(host) === 0 ? host : ''
  return () => process.getBuiltinModule('node:tls').connect({ socket, host, servername })
}

function connect(url: URL, proxy: Proxy, signal: AbortSignal): Promise<Duplex> {
  const target = `${url.hostname}:${url.port || '443'}`
  return new Promise((resolve, reject) => {
    const { request: send } = proxy.url.protocol === 'https:' ? process.getBuiltinModule('node:https') : http
    const call = send({
      ...toProxyAddress(proxy.url),
      method: 'CONNECT',
      path: target,
      headers: { host: target, ...proxy.headers },
      agent: false,
      signal,
    })
    call.on('connect', (response, socket, head) => {
      const status = response.statusCode ?? 0
      if (status >= 200 && status < 300) {
        if (head.length > 0) socket.unshift(head)
        resolve(socket)
        return
      }
      socket.destroy()
      reject(new Error(explainStatus(proxy, status)))
    })
    // It responds as a web server does.
    call.on('response', response => {
      response.destroy()
      reject(new Error(explainStatus(proxy, response.statusCode ?? 0)))
    })
    call.on('error', error => reject(new Error(explainProxyError(proxy, error))))
    call.end()
  })
}

function toProxyAddress({ protocol, hostname, port }: URL) {
  const host = hostname.replace(/^\[|\]$/g, '')
  const servername = net.isIP(host) === 0 ? host : ''
  const usual = protocol === 'https:' ? 443 : 80
  return { protocol, hostname: host, host, port: Number(port) || usual, servername }
}

/** Why a proxy does not let a request through. */
export function explainStatus({ place }: Proxy, status: number): string {
  const hint = status === 407 ? ': it wants a user and a password, as in http://USER:PASSWORD@HOST:PORT' : ''
  return `the proxy at ${place} responded with ${status}${hint}`
}

export function explainProxyError({ place }: Proxy, error: unknown): string {
  return `the proxy at ${place} cannot be used: ${errorMessage(error)}`
}
