import { componentVersion } from '../../../core/component-version.ts'
import type { Component } from '../../../core/components.ts'
import { toVersion } from '../../../core/parse-version.ts'
import { isRange, satisfies } from '../../../core/versions.ts'
import { detectedRegistryNames } from '../../../schema/names.ts'
import { listEntries } from '../entries.ts'
import type { Finding, Rule, RuleContext } from '../rule.ts'

export const versionIncompatible: Rule = {
  id: 'version-incompatible',
  severity: 'error',
  summary: 'a component has a version that its range leaves out, or a range or minimum cannot be read',
  check: async context => [...(await findIncompatible(context)), ...findUnreadableMinimums(context)],
}

async function findIncompatible(context: RuleContext): Promise<Finding[]> {
  const ranges = context.snapshot.registries.hyper.content?.version_compatibility ?? {}
  const found = await Promise.all(
    Object.entries(ranges).map(([name, range]) => checkRange(name, range, context)),
  )
  return found.flat()
}

async function checkRange(name: string, range: string, context: RuleContext): Promise<Finding[]> {
  const place = { registry: 'hyper', path: ['version_compatibility', name] } as const
  if (!(await isRange(range))) {
    const message = `${JSON.stringify(range)} is no version range`
    return [{ ...place, message, hint: 'Write a semver range like >=1.0.0 or ^2.1.0' }]
  }
  const component = context.components.resolve(name)
  const version = component && componentVersion(component, context.snapshot)
  if (version === undefined || (await satisfies(version, range))) return []
  return [{ ...place, message: `${name} is ${version}, which ${range} leaves out`, hint: hintFor(component) }]
}

function hintFor(component: Component | undefined): string {
  const where = component?.kind === 'registry' ? 'the registry' : 'the entry'
  return `Update ${where}, or widen the range`
}

function findUnreadableMinimums({ snapshot }: RuleContext): Finding[] {
  return detectedRegistryNames.flatMap(registry =>
    listEntries(snapshot, registry).flatMap(([id, { min_version: minimum }]): Finding[] => {
      if (minimum === undefined || toVersion(minimum) !== null) return []
      const message = `${JSON.stringify(minimum)} is no version`
      return [{ registry, path: [id, 'min_version'], message, hint: 'Write a version like 1.2 or 1.2.3' }]
    }),
  )
}
