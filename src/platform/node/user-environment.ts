import type { Environment } from '../host.ts'

const prefix = 'NEXUS_REGISTRY_USER_'

/**
 * The user's environment: the launcher sets variables of Node's own aside, like NODE_OPTIONS, so that this program
 * starts, and what it starts has them again.
 */
export function toUserEnvironment(env: NodeJS.ProcessEnv): Environment {
  const names = Object.keys(env).filter(name => name.startsWith(prefix))
  if (names.length === 0) return env
  const own = Object.entries(env).filter(([name]) => !name.startsWith(prefix))
  const theirs = names.map(name => [name.slice(prefix.length), env[name]])
  return Object.fromEntries([...own, ...theirs])
}
