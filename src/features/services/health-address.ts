import type { Microservice } from '../../schema/microservice.ts'

/** Where a service tells its health; undefined when its entry names no such path. It may live below a path of its own. */
export function healthAddressOf({
  url,
  health_endpoint: endpoint,
}: Pick<Microservice, 'url' | 'health_endpoint'>): string | undefined {
  if (endpoint === undefined) return undefined
  const { origin, pathname } = new URL(url)
  return `${origin}${withoutEndSlashes(pathname)}${endpoint}`
}

// An expression for this takes quadratic time on slashes within.
function withoutEndSlashes(path: string): string {
  let end = path.length
  while (path[end - 1] === '/') end -= 1
  return path.slice(0, end)
}
