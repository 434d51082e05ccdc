import type { Host } from '../../core/host.ts'
import type { GrantHost } from '../../store/grants.ts'
import type { UpdateHost } from '../../store/update-home.ts'
import type { RuleLevel } from '../config/config.ts'

export interface FixOptions {
  /** Level of rules by id, where it differs from the rule's own. */
  readonly rules: Readonly<Record<string, RuleLevel>>
  /** Whether it is only said what would be done. */
  readonly isDryRun: boolean
}

export type FixHost = UpdateHost & GrantHost & Pick<Host, 'fs' | 'path'>
