import type { RuleLevel } from '../config/config.ts'
import type { Host } from '../platform/host.ts'
import type { UpdateHost } from '../registry/home/update-home.ts'
import type { GrantHost } from '../security/grants.ts'

export interface FixOptions {
  /** Level of rules by id, where it differs from the rule's own. */
  readonly rules: Readonly<Record<string, RuleLevel>>
  /** Whether it is only said what would be done. */
  readonly isDryRun: boolean
}

export type FixHost = UpdateHost & GrantHost & Pick<Host, 'fs' | 'path'>
