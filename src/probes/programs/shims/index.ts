import type { ProgramHost } from '../program-host.ts'
import { asdf } from './asdf.ts'
import { mise } from './mise.ts'
import { rbenvFamily } from './rbenv-family.ts'
import type { Shim, ShimAnswer, ShimResolver } from './shim.ts'
import { volta } from './volta.ts'

const resolvers: readonly ShimResolver[] = [rbenvFamily, asdf, mise, volta]

/** What a shim leads to; undefined when the program is no shim of any known version manager. */
export async function resolveShim(
  shim: Shim,
  host: ProgramHost,
): Promise<{ manager: string; answer: ShimAnswer } | undefined> {
  for (const resolver of resolvers) {
    const resolved = await resolver.resolve(shim, host)
    if (resolved) return resolved
  }
  return undefined
}
