import type { Host } from '../../platform/host.ts'
import type { HttpRequest, HttpResponse } from '../../platform/http.ts'
import { type PreparedBody, prepareBody } from '../bodies.ts'
import { toProblem } from '../problem.ts'

/** The dashboard for browsers, as it was built. */
export interface WebPage {
  /** Answers with the page itself, which names its files. */
  readonly answer: (request: HttpRequest) => Promise<HttpResponse>
  /** A file of the page; undefined when it has none of this name. */
  readonly asset: (name: string) => Promise<PreparedBody | undefined>
}

type PageHost = Pick<Host, 'fs' | 'path' | 'programRoot' | 'sha256' | 'compress'>

/** Nothing but what this server sends is loaded, run, asked, or may hold the page in a frame. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const types: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
}

/** Largest file of the page, in bytes. */
const mostBytes = 4 * 1024 * 1024

/** Loads the page with the first request. */
export function createWebPage(host: PageHost): WebPage {
  let loading: Promise<LoadedPage> | undefined
  const recall = () => {
    // A failed load is tried again: the page may be built meanwhile.
    loading ??= loadPage(host).catch((error: unknown) => {
      loading = undefined
      throw error
    })
    return loading
  }
  return {
    answer: async request => {
      const { page } = await recall()
      return page ? page.answer(request) : notBuilt
    },
    asset: async name => (await recall()).assets.get(name),
  }
}

const notBuilt = toProblem(503, 'the dashboard was not built', { hint: 'npm run build makes it' })

interface LoadedPage {
  readonly page: PreparedBody | undefined
  readonly assets: ReadonlyMap<string, PreparedBody>
}

// Names come from the listing alone, so no request leads to another file.
async function loadPage(host: PageHost): Promise<LoadedPage> {
  const directory = host.path.join(host.programRoot, 'dist', 'web')
  const html = await host.fs.readBytes(host.path.join(directory, 'index.html'), mostBytes)
  if (html === undefined) return { page: undefined, assets: new Map() }
  const names = await host.fs.list(host.path.join(directory, 'assets'))
  const assets = await Promise.all(
    names
      .toSorted()
      .map(async name => [name, await loadAsset(host.path.join(directory, 'assets', name), host)] as const),
  )
  return {
    page: prepareBody(
      { body: html, type: 'text/html; charset=utf-8', audience: 'public', headers: pageHeaders },
      host,
    ),
    assets: new Map(assets.flatMap(([name, body]) => (body ? [[name, body]] : []))),
  }
}

const pageHeaders = { 'content-security-policy': policy, vary: 'Accept, Accept-Encoding, Authorization' }

async function loadAsset(file: string, host: PageHost): Promise<PreparedBody | undefined> {
  const type = types[file.slice(file.lastIndexOf('.') + 1)]
  const body = type === undefined ? undefined : await host.fs.readBytes(file, mostBytes)
  if (body === undefined || type === undefined) return undefined
  // A name with a hash of the content never changes its meaning.
  const isForever = /-[0-9A-Z]{8}\.\w+$/.test(file)
  const headers = isForever ? { 'cache-control': 'public, max-age=31536000, immutable' } : {}
  return prepareBody({ body, type, audience: 'public', headers }, host)
}
