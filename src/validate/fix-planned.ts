import type { FixedFault } from '../registry/diagnostic.ts'
import { fixFile } from './fix-file.ts'
import { fixHome } from './fix-home.ts'
import type { FixHost, FixOptions } from './fix-options.ts'
import type { Planned } from './plan.ts'

/**
 * Puts right what has one answer in a home or a file, and says what. Each file is the old one or the new one at any
 * time. Throws a NexusError ('write', 'lock') for a file that cannot be changed.
 */
export async function fixPlanned(
  plan: Planned,
  options: FixOptions,
  host: FixHost,
): Promise<readonly FixedFault[]> {
  return plan.kind === 'home' ? fixHome(plan, options, host) : fixFile(plan, options, host)
}
