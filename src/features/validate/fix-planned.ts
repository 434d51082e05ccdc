import type { FixedFault } from '../../core/diagnostic.ts'
import { fixFile } from './fix-file.ts'
import { fixHome } from './fix-home.ts'
import type { FixHost, FixOptions } from './fix-options.ts'
import type { Planned } from './plan.ts'

/**
 * Puts right what has one answer in the files that were planned, and says what. Each file is the old one or the new
 * one at any time. Throws a NexusError ('write', 'lock') for a file that cannot be changed.
 */
export async function fixPlanned(
  planned: readonly Planned[],
  options: FixOptions,
  host: FixHost,
): Promise<readonly FixedFault[]> {
  const fixed: FixedFault[] = []
  for (const plan of planned) {
    fixed.push(
      ...(plan.kind === 'home' ? await fixHome(plan, options, host) : await fixFile(plan, options, host)),
    )
  }
  return fixed
}
