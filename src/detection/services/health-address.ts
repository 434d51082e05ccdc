import type { Microservice } from '../../registry/schema/microservice.ts'
import type { Provider } from '../../registry/schema/provider.ts'

/** Where a service tells its health; undefined when its entry names no such path. It may live below a path of its own. */
export function healthAddressOf({
  url,
  health_endpoint: endpoint,
}: Pick<Microservice, 'url' | 'health_endpoint'>): string | undefined {
  if (endpoint === undefined) return undefined
  const { origin, pathname } = new URL(url)
  return `${origin}${withoutEndSlashes(pathname)}${endpoint}`
}

/**
 * What is requested of a provider to see whether it answers. What stands behind a question mark may be a key. An endpoint
 * is for questions to models, which cost something.
 */
export function providerAddressOf({
  base_url: base,
  endpoint,
}: Pick<Provider, 'base_url' | 'endpoint'>): string {
  const { origin, pathname } = new URL(base ?? endpoint)
  return base === undefined ? `${origin}/` : `${origin}${pathname}`
}

// An expression for this takes quadratic time on slashes within.
function withoutEndSlashes(path: string): string {
  let end = path.length
  while (path[end - 1] === '/') end -= 1
  return path.slice(0, end)
}
