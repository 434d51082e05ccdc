import { byRegistry } from '../../core/by-registry.ts'
import type { Diagnostic } from '../../core/diagnostic.ts'
import type { Host } from '../../core/host.ts'
import { type RegistryName, registryFiles, registryNames } from '../../schema/names.ts'
import { toTextSnapshot } from './partial-snapshot.ts'
import { diagnoseSnapshot } from './validate-home.ts'

/** Something wrong in a registry that lies nowhere yet: what is told of it holds no path of this machine. */
export interface TextFinding extends Pick<Diagnostic, 'rule' | 'severity' | 'message' | 'pointer' | 'hint'> {
  readonly registry: RegistryName
}

/**
 * Everything that is wrong in texts of registries, and between them. Of registries that are not among them nothing is
 * known: nothing is found that only they could tell.
 */
export async function validateTexts(
  texts: ReadonlyMap<RegistryName, string | undefined>,
  host: Pick<Host, 'clock'>,
): Promise<readonly TextFinding[]> {
  const snapshot = toTextSnapshot(
    texts,
    byRegistry(name => registryFiles[name]),
  )
  const { diagnostics } = await diagnoseSnapshot(snapshot, host, {})
  return registryNames.flatMap(registry =>
    diagnostics
      .filter(({ file }) => file === registryFiles[registry])
      .map(({ rule, severity, message, pointer, hint }) => ({
        registry,
        rule,
        severity,
        message,
        pointer,
        hint,
      })),
  )
}
