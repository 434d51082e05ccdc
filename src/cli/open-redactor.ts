import { createRedactor } from '../lib/text/redact.ts'
import type { CommandContext } from './command-context.ts'

/** Hides the tokens that the configuration names, wherever they are kept. */
export interface Redactor {
  readonly redact: (text: string) => string
  /** Takes those of a configuration that was read anew. */
  readonly renew: (context: CommandContext) => Promise<void>
}

export async function openRedactor(context: CommandContext): Promise<Redactor> {
  const { loadSecrets } = await import('../sync/upstream/bearer-token.ts')
  const load = async ({ config, host }: CommandContext) =>
    createRedactor(await loadSecrets(config.network, host))
  let redact = await load(context)
  return {
    redact: text => redact(text),
    renew: async renewed => {
      redact = await load(renewed)
    },
  }
}
