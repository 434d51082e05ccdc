import type { EntryOf } from '../../registry/snapshot.ts'
import type { Readable } from '../readable.ts'
import { listDashboardTools, listItems } from '../references.ts'
import type { Rule, RuleContext, Violation } from '../rule.ts'

export const envVarMismatch: Rule = {
  id: 'env-var-mismatch',
  severity: 'error',
  summary: 'the dashboard reads another variable than the tool or ML framework exports',
  check: context =>
    listDashboardTools(context.snapshot).flatMap(([id, entry]) => {
      const exported = exportsOf(id, context)
      if (exported === undefined) return []
      const { env_var: main, env_vars: all = [], secondary_env: second } = entry
      return [
        ...(main === undefined ? [] : compareMain(main, ['env_var'])),
        ...(second === undefined ? [] : compareOther(second, ['secondary_env'])),
        ...listItems(all).flatMap(({ item: name, index }) =>
          (index === 0 ? compareMain : compareOther)(name, ['env_vars', index]),
        ),
      ]

      function compareMain(name: string, place: (string | number)[]): Violation[] {
        if (exported === undefined || name === exported.main) return []
        return [toFinding(id, place, { shown: name, exported: exported.main })]
      }

      function compareOther(name: string, place: (string | number)[]): Violation[] {
        if (exported === undefined || name === exported.main || exported.others.includes(name)) return []
        return [toFinding(id, place, { shown: name, exported: exported.others.join(', ') })]
      }
    }),
}

interface Exports {
  readonly main: string
  readonly others: readonly string[]
}

function exportsOf(id: string, { snapshot }: RuleContext): Exports | undefined {
  const { tools = {}, ml_frameworks: frameworks = {} } = snapshot.readable
  const tool = Object.hasOwn(tools, id) ? tools[id] : undefined
  const framework = Object.hasOwn(frameworks, id) ? frameworks[id] : undefined
  const main = (tool ?? framework)?.env_var
  return main === undefined ? undefined : { main, others: tool === undefined ? [] : companions(tool) }
}

function companions({ companion_vars = {} }: Readable<EntryOf<'tools'>>): string[] {
  return Object.values(companion_vars).filter(name => name !== undefined)
}

function toFinding(
  id: string,
  place: readonly (string | number)[],
  names: { shown: string; exported: string },
): Violation {
  return {
    registry: 'dashboard',
    path: ['sections', 'tools', 'entries', id, ...place],
    message: `${id} does not export ${names.shown}`,
    hint: names.exported
      ? `It exports ${names.exported}`
      : 'Add it to "companion_vars" of the tool, or remove it',
  }
}
