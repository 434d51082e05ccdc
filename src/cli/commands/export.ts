import type { exportFormats } from '../../import/export-models.ts'
import { errorMessage, NexusError, systemErrorCode } from '../../lib/errors.ts'
import { toVisibleJson, toVisibleLine } from '../../lib/text/visible.ts'
import type { Host } from '../../platform/host.ts'
import type { CommandContext, ExitCode, RegisterCommand } from '../command-context.ts'

interface ExportFlags {
  readonly to: string
  readonly force?: boolean
}

export const registerExport: RegisterCommand = (program, execute) => {
  program
    .command('export')
    .description('Write the models in the format of LiteLLM or models.dev')
    .argument('[file]', 'File to write; without it, stdout')
    .requiredOption('--to <format>', 'litellm or models.dev')
    .option('--force', 'Replace a file that exists')
    .addHelpText(
      'after',
      `
Importing the result again changes nothing. Prices outside the peak hours, successors and the like have no place in these
formats. Other forms: nexus-registry query models --format csv, and nexus-registry env.

Examples:
  nexus-registry export --to litellm prices.json
  nexus-registry export --to models.dev | jq '.openai.models | keys'`,
    )
    .action(execute(runExport))
}

async function runExport(
  context: CommandContext,
  file: string | undefined,
  { to, force = false }: ExportFlags,
): Promise<ExitCode> {
  const { host, note, print, say, style } = context
  const [{ exportFormats: formats }, { loadSnapshot }, { entriesOf }] = await Promise.all([
    import('../../import/export-models.ts'),
    import('../../registry/load/load-snapshot.ts'),
    import('../../registry/snapshot.ts'),
  ])
  const toDocument = await requireExportFormat(to, formats)
  const { directory } = await context.home()
  const snapshot = await loadSnapshot(directory, host)
  const { models, providers } = snapshot.registries
  if (models.content === undefined)
    throw new NexusError('input', `the models of ${directory} cannot be read`, {
      hint: 'See the errors: nexus-registry validate',
    })
  for (const id of models.quarantined) note(toVisibleLine(`models/${id} is not valid, and left out`))
  const document = toDocument({ models: models.content, providers: providers.content ?? {} })
  const text = toVisibleJson(document)
  if (file === undefined) print(text)
  else {
    const path = await writeExport(file, `${text}\n`, { host, force })
    const count = Object.keys(entriesOf(snapshot, 'models')).length
    say(`${style.green('Exported')} ${count} models to ${toVisibleLine(path)}`)
  }
  return 0
}

async function requireExportFormat(name: string, formats: typeof exportFormats) {
  const found = Object.entries(formats).find(([format]) => format === name)
  if (found) return found[1]
  const { suggest } = await import('../../lib/text/nearest.ts')
  const names = Object.keys(formats)
  throw new NexusError('usage', `--to: there is no format ${JSON.stringify(name)}`, {
    hint: suggest(name, names) ?? `Formats are ${names.join(', ')}`,
  })
}

/** Writes a file in one step, and returns its path. */
async function writeExport(
  file: string,
  text: string,
  { host, force }: { readonly host: Host; readonly force: boolean },
): Promise<string> {
  const { fs, path } = host
  const target = path.resolve(host.cwd, file)
  const info = await fs.stat(target)
  if (info && (!force || info.kind !== 'file'))
    throw new NexusError('write', `${target} exists already. Nothing was changed`, {
      hint: info.kind === 'file' ? 'Add --force to replace it' : 'Name a file',
    })
  const temporary = `${target}-${host.randomName()}`
  try {
    await fs.createFile(temporary, text, info ? info.mode & 0o777 : 0o644)
    await fs.rename(temporary, target)
  } catch (cause) {
    await fs.remove(temporary).catch(() => undefined)
    if (systemErrorCode(cause) === undefined) throw cause
    throw new NexusError('write', `${target} could not be written: ${errorMessage(cause)}`, {
      hint: 'Name a place that you may write to',
      cause,
    })
  }
  return target
}
