import type { Host } from '../../platform/host.ts'

/** Name under which is kept what belongs to a text, like the path of a home or a question. */
export function storedName(text: string, { sha256 }: Pick<Host, 'sha256'>): string {
  return sha256(text).slice(0, 32)
}
