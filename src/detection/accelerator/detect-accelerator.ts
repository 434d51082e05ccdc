import { toCleanText } from '../../lib/text/text.ts'
import { recallGpus } from '../gpu/gpu-probe.ts'
import type { ProbeContext } from '../probe.ts'
import type { FoundModule, Inspection } from '../python/inspect-modules.ts'
import type { Interpreter } from '../python/interpreter.ts'
import type { Verification } from '../python/verify-import.ts'
import { type Accelerator, acceleratedModules, type FrameworkBuild, type Machine } from './accelerator.ts'
import { evaluateAccelerator } from './evaluate-accelerator.ts'
import { findCompatLibraries, readGfxTargets } from './evaluate-rocm.ts'
import { readBuild } from './read-build.ts'

interface InstalledModule {
  readonly module: FoundModule
  readonly inspection: Inspection
  readonly interpreter: Interpreter
  readonly outcome: Verification | { readonly kind: 'unverified' }
}

/**
 * Which accelerator an installed framework is made for, and whether it can use one of this machine; undefined for a module
 * that uses none. Reads files and what is known already: no process is started, and no GPU is opened.
 */
export async function detectAccelerator(
  { module, inspection, interpreter, outcome }: InstalledModule,
  context: ProbeContext,
): Promise<Accelerator | undefined> {
  const framework = acceleratedModules.find(name => name === module.name)
  if (framework === undefined) return undefined
  const imported = outcome.kind === 'imported' ? (outcome.build ?? {}) : undefined
  const { host } = context
  const build = await readBuild({
    framework,
    module,
    inspection,
    interpreter: interpreter.path,
    imported,
    host,
  })
  if (outcome.kind === 'broken') {
    const { built_for, architectures } = evaluateAccelerator(build, nothingKnown(context))
    return { built_for, architectures, usable: false, reason: `importing ${framework} fails`, fix: null }
  }
  return toClean(evaluateAccelerator(build, await describeMachine(build, context)))
}

async function describeMachine({ backend }: FrameworkBuild, context: ProbeContext): Promise<Machine> {
  const [gpus, gfxTargets, hasCompatLibraries] = await Promise.all([
    recallGpus(context),
    backend === 'rocm' ? readGfxTargets(context) : [],
    backend === 'cuda' && findCompatLibraries(context),
  ])
  return { ...nothingKnown(context), gpus, gfxTargets, hasCompatLibraries }
}

function nothingKnown({ host: { platform, env } }: ProbeContext): Machine {
  return { gpus: undefined, platform, env, gfxTargets: [], hasCompatLibraries: false }
}

// Names of devices come from outside.
function toClean(accelerator: Accelerator): Accelerator {
  const { reason } = accelerator
  return { ...accelerator, reason: reason === null ? null : toCleanText(reason) }
}
