import { parseCommandLine, parseDetection } from '../../lib/shell/command-line.ts'
import { detectedRegistryNames } from '../../registry/schema/names.ts'
import { listReadEntries } from '../references.ts'
import type { Rule, RuleContext, Violation } from '../rule.ts'

export const shellSyntax: Rule = {
  id: 'shell-syntax',
  severity: 'error',
  summary: 'a command has shell syntax; commands run without a shell',
  check: context =>
    listCommands(context).flatMap(({ registry, path, text, parse }): Violation[] => {
      const parsed = parse(text)
      if (parsed.ok) return []
      const hint = 'Name one program and its arguments; put what needs a shell into a script of its own'
      return [{ registry, path, message: parsed.message, hint }]
    }),
}

interface Command extends Pick<Violation, 'registry' | 'path'> {
  readonly text: string
  readonly parse: typeof parseCommandLine | typeof parseDetection
}

function listCommands({ snapshot }: RuleContext): Command[] {
  return detectedRegistryNames.flatMap(registry =>
    listReadEntries(snapshot, registry).flatMap(([id, { detection, version_check }]): Command[] => [
      ...(detection === undefined
        ? []
        : [{ registry, path: [id, 'detection'], text: detection, parse: parseDetection }]),
      ...(version_check === undefined
        ? []
        : [{ registry, path: [id, 'version_check'], text: version_check, parse: parseCommandLine }]),
    ]),
  )
}
