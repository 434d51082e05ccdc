import type { EntryOrigin, ShownEntry } from '../../edit/show-entry.ts'
import { isJsonObject, valueAt } from '../../lib/json/json-value.ts'
import { program as self } from '../../lib/program.ts'
import { toShellWord } from '../../lib/shell/quote.ts'
import { paintStatus, type Style } from '../../lib/terminal/style.ts'
import { wrapWords } from '../../lib/terminal/width.ts'
import { formatAge } from '../../lib/text/format.ts'
import { toVisible, toVisibleJson, toVisibleLine } from '../../lib/text/visible.ts'
import { parseRef } from '../../registry/refs.ts'
import type { CommandContext, ExitCode, RegisterCommand } from '../command-context.ts'

export const registerShow: RegisterCommand = (program, execute) => {
  program
    .command('show')
    .description('Print one entry, with where it came from')
    .argument('<ref>', 'Ref or another name of an entry: tools/rg, gpt-4o, dashboard/metrics/load_average')
    .addHelpText(
      'after',
      `
Prints the entry as it is in its file, and above it: the file and line; whether the program shipped it, an upstream or a
local runtime has it, or it was added here; which fields were edited or imported; and the last edit.
Whether it is usable here, and why not, says nexus-registry explain.

Examples:
  nexus-registry show tools/git             one tool
  nexus-registry show models/o3 --json      one model, with the source of each field, as JSON`,
    )
    .action(execute(runShow))
}

async function runShow(context: CommandContext, name: string): Promise<ExitCode> {
  const { globals, host, note, print, style } = context
  const { showEntry } = await import('../../edit/show-entry.ts')
  const { directory } = await context.home()
  const shown = await showEntry(name, directory, host)
  if (globals.json) print(toVisibleJson(shown))
  else print(renderEntry(shown, { style, width: host.stdout.columns, now: host.clock.now() }))
  if (shown.origin.kind === 'catalog')
    note(
      toVisible(
        `It is not in the registry: nexus-registry add ${toShellWord(parseRef(shown.ref)?.id ?? name)}`,
      ),
    )
  return 0
}

interface ShowOptions {
  readonly style: Style
  readonly width: number | undefined
  /** Milliseconds since 1970. */
  readonly now: number
}

function renderEntry({ ref, file, line, origin, last_edit: edit, entry }: ShownEntry, options: ShowOptions) {
  const { style, width, now } = options
  const { detected, ...fields } = entry
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['file', file === null ? undefined : `${file}:${line ?? 1}`],
    ['from', describeOrigin(origin)],
    ['figures', describeSource(entry['x-source'])],
    ['edited', origin.edited.length === 0 ? undefined : origin.edited.join(', ')],
    ...listImports(origin),
    ['changed', edit === null ? undefined : `${formatAge(now - Date.parse(edit.time))}, by ${edit.by}`],
  ]
  return [
    [style.bold(toVisibleLine(ref)), ...describeDetected(detected, style)].join(' '),
    ...facts.flatMap(([label, text]) =>
      text === undefined
        ? []
        : [wrapWords(`  ${style.dim(label)} ${toVisibleLine(text)}`, width, label.length + 3)],
    ),
    toVisible(JSON.stringify(fields, null, 2)),
  ].join('\n')
}

function describeDetected(detected: unknown, style: Style): string[] {
  if (!isJsonObject(detected) || typeof detected.status !== 'string') return []
  const facts = [detected.version, detected.path].filter(fact => typeof fact === 'string')
  return [paintStatus(detected.status, style), ...facts.map(toVisibleLine)]
}

function describeOrigin({ kind, version, from }: EntryOrigin): string {
  const over = from === null ? '' : ', written over HTTP'
  switch (kind) {
    case 'shipped':
      return `shipped with ${self.name} ${version}${over}`
    case 'upstream':
      return `the upstream ${from}`
    case 'local':
      return `the local runtime ${from}, which has it`
    case 'added':
      return `added here${over}`
    case 'catalog':
      return 'the catalog; no registry has it'
  }
}

/** Where the figures of a model or provider come from, where most of them have one source. */
function describeSource(source: unknown): string | undefined {
  const [url, day] = ['url', 'retrieved_on'].map(key => valueAt(source, [key]))
  return typeof url === 'string' ? `${url} on ${day}` : undefined
}

/** Imported fields by where and when they were imported. */
function listImports({ imported }: EntryOrigin): [string, string][] {
  const groups = new Map<string, string[]>()
  for (const [field, { url, retrieved_on: day }] of Object.entries(imported)) {
    const source = `${url} on ${day}`
    groups.set(source, [...(groups.get(source) ?? []), field])
  }
  return [...groups].map(([source, fields]) => ['imported', `${fields.join(', ')}, from ${source}`])
}
