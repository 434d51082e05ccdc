import type { RegistryHome } from '../registry/home/home.ts'
import { type LoadHost, loadRegistry } from '../registry/load/load-registry.ts'
import type { Variable } from '../registry/variable.ts'
import { listAnswers } from './cache/answers.ts'
import { toForgotten } from './forgotten.ts'
import { variableNames } from './to-variables.ts'

/** Unsets everything that `env` sets, or has set while its answers were kept. Without a home only the latter. */
export async function unsetEnv(home: RegistryHome | undefined, host: LoadHost): Promise<Variable[]> {
  const known = home === undefined ? [] : await knownNames(home, host)
  const variables = known.map(name => ({ name, value: undefined }))
  return [...variables, ...toForgotten(variables, await listAnswers(host))]
}

async function knownNames({ directory }: RegistryHome, host: LoadHost) {
  const [tools, frameworks] = await Promise.all([
    loadRegistry('tools', directory, host),
    loadRegistry('ml_frameworks', directory, host),
  ])
  return variableNames({ tools: tools.content ?? {}, ml_frameworks: frameworks.content ?? {} })
}
