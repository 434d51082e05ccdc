export const checkNames = [
  'installation',
  'config',
  'home',
  'sync',
  'lock',
  'tokens',
  'directories',
  'python',
  'path',
  'shell',
] as const

export type CheckName = (typeof checkNames)[number]

/** What `doctor` found about the installation. Notes are facts, not problems. */
export interface HealthFinding {
  readonly status: 'ok' | 'note' | 'warning' | 'error'
  /** A sentence without its full stop. */
  readonly message: string
  /** What to do about it. */
  readonly hint: string | null
}

export interface HealthReport {
  /** Whether there is no error. */
  readonly healthy: boolean
  readonly findings: readonly (HealthFinding & { readonly check: CheckName })[]
}
