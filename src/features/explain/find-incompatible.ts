import { componentVersion } from '../../core/component-version.ts'
import { createComponents, toComponentKey } from '../../core/components.ts'
import type { Snapshot } from '../../core/snapshot.ts'
import { isRange, satisfies } from '../../core/versions.ts'

/** What has a version that the hyper registry leaves out, by id, with the reason. Ranges that are none say nothing. */
export async function findIncompatible(
  snapshot: Pick<Snapshot, 'registries'>,
): Promise<ReadonlyMap<string, string>> {
  const components = createComponents(snapshot)
  const ranges = Object.entries(snapshot.registries.hyper.content?.version_compatibility ?? {})
  const judged = ranges.map(async ([name, range]): Promise<[string, string][]> => {
    const component = components.resolve(name)
    const version = component && componentVersion(component, snapshot)
    if (component === undefined || version === undefined) return []
    if (!(await isRange(range)) || (await satisfies(version, range))) return []
    return [[toComponentKey(component), `it is ${version}, which ${range} leaves out`]]
  })
  return new Map((await Promise.all(judged)).flat())
}
