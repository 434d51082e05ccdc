import type { Variable } from '../registry/refs.ts'

/** `partial`: something is missing or too old, and a note says why. `failed`: nothing is known. */
export type EnvStatus = 'ok' | 'partial' | 'failed'

/** The last variable of every answer: `eval $(a-failing-command)` itself answers 0. */
export function statusVariable(status: EnvStatus | undefined): Variable {
  return { name: 'NEXUS_ENV_STATUS', value: status }
}
