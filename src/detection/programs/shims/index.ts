import type { ProgramHost } from '../../probe.ts'
import { asdf } from './asdf.ts'
import { corepack } from './corepack.ts'
import { mise } from './mise.ts'
import { rbenvFamily } from './rbenv-family.ts'
import { rustup } from './rustup.ts'
import type { Shim, ShimResolver, ShimResult } from './shim.ts'
import { snap } from './snap.ts'
import { terraformFamily } from './terraform-family.ts'
import { volta } from './volta.ts'

const resolvers: readonly ShimResolver[] = [
  rbenvFamily,
  asdf,
  mise,
  volta,
  snap,
  rustup,
  terraformFamily,
  corepack,
]

/** What a shim leads to; undefined when the program is no shim of any known version manager. */
export async function resolveShim(
  shim: Shim,
  host: ProgramHost,
): Promise<{ manager: string; result: ShimResult } | undefined> {
  for (const resolver of resolvers) {
    const resolved = await resolver.resolve(shim, host)
    if (resolved) return resolved
  }
  return undefined
}
