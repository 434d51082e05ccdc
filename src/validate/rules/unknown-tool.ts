import { listItems, listReadEntries } from '../references.ts'
import type { Rule, RuleContext, Violation } from '../rule.ts'

export const unknownTool: Rule = {
  id: 'unknown-tool',
  severity: 'error',
  summary: 'a plug-in calls a tool that does not exist and that nothing provides',
  check: context =>
    listReadEntries(context.snapshot, 'plugins').flatMap(([id, { dependencies }]) =>
      listItems(dependencies).flatMap(({ item: name, index }): Violation[] => {
        if (isKnown(name, context)) return []
        const hint =
          context.suggest(name, context.known.ids('tools')) ??
          'Add it to tool_registry.json, or remove it here'
        const message = `there is no tool ${JSON.stringify(name)}`
        return [{ registry: 'plugins', path: [id, 'dependencies', index], message, hint }]
      }),
    ),
}

// Without the tools nobody can tell; frameworks and capabilities serve as well as tools.
function isKnown(name: string, { components, known, snapshot }: RuleContext): boolean {
  if (known.mayExist('tools', name) || snapshot.registries.ml_frameworks.state !== 'ok') return true
  const found = components.resolve(name)
  if (found?.kind === 'capability') return true
  return found?.kind === 'entry' && (found.registry === 'tools' || found.registry === 'ml_frameworks')
}
