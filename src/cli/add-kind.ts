import {
  type AdditionField,
  type AdditionKind,
  type AdditionKindName,
  additionKinds,
  type FlagValues,
} from '../edit/addition-kinds.ts'
import { listMissing, toAdditions } from '../edit/to-additions.ts'
import { NexusError } from '../lib/errors.ts'
import { toVisibleLine } from '../lib/text/visible.ts'
import { addEntries } from './add-entries.ts'
import type { CommandContext, ExitCode } from './command-context.ts'
import type { EditFlags } from './run-edit.ts'

interface KindCall {
  readonly kind: AdditionKindName
  readonly id: string | undefined
  /** Options as Commander reads them. */
  readonly flags: object
}

/** Runs `add KIND ID`: asks for what is missing on a terminal, and adds. */
export async function addKind(
  { kind, id, flags }: KindCall,
  editFlags: EditFlags,
  context: CommandContext,
): Promise<ExitCode> {
  const { fields }: AdditionKind = additionKinds[kind]
  const given = toFlagValues(fields, flags)
  const missing = listMissing(kind, id, given)
  if (missing.length === 0 && id !== undefined) {
    return addEntries({ additions: toAdditions(kind, id, given) }, editFlags, context)
  }
  const { globals, host, note } = context
  if (globals.json || !host.isInteractive()) {
    const are = missing.length === 1 ? 'is' : 'are'
    const hint = `See nexus-registry add ${kind} --help; on a terminal it asks`
    throw new NexusError('usage', `add ${kind}: ${missing.join(', ')} ${are} missing`, { hint })
  }
  const asked = await askFor({ kind, id, values: given }, context)
  if (asked === undefined) {
    note('Nothing was changed')
    return 1
  }
  return addEntries({ additions: toAdditions(kind, asked.id, asked.values) }, editFlags, context)
}

// Commander names `--key-env` keyEnv.
function toFlagValues(fields: readonly AdditionField[], flags: object): FlagValues {
  const options = new Map<string, unknown>(Object.entries(flags))
  return Object.fromEntries(
    fields.flatMap(({ flag }): [string, string | readonly string[]][] => {
      const value = options.get(flag.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase()))
      if (typeof value === 'string') return [[flag, value]]
      return Array.isArray(value) ? [[flag, value.filter(item => typeof item === 'string')]] : []
    }),
  )
}

interface Asked {
  readonly id: string
  readonly values: FlagValues
}

/** Prompts for each field that is missing, in order: a value may decide what else is. Undefined when it was cancelled. */
async function askFor(
  {
    kind,
    id: given,
    values: start,
  }: { readonly kind: AdditionKindName; readonly id: string | undefined; readonly values: FlagValues },
  { host, home }: CommandContext,
): Promise<Asked | undefined> {
  const { fields, noun }: AdditionKind = additionKinds[kind]
  const { loadPromptWords } = await import('../edit/prompt-words.ts')
  const { listWords, checkId, checkField } = await loadPromptWords(await home(), host)
  const id = given ?? (await host.prompt({ message: `Id of the ${noun}`, validate: checkId }))
  if (id === undefined) return undefined
  let values = start
  for (const field of fields) {
    const { flag, description, isOffered, isRequired, toProposal } = field
    const isNeeded = isRequired?.({ ...values, id }) === true
    if (values[flag] !== undefined || (!isNeeded && isOffered !== true)) continue
    const value = await host.prompt({
      message: toVisibleLine(`${description}${isNeeded ? '' : ' (optional)'}`),
      proposal: toProposal?.(id, values),
      choices: field.type === 'list' ? undefined : listWords(field),
      validate: text => (text === '' ? toRequirement(isNeeded) : checkField(field, text)),
    })
    if (value === undefined) return undefined
    if (value !== '') values = { ...values, [flag]: value }
  }
  return { id, values }
}

function toRequirement(isNeeded: boolean): string | undefined {
  return isNeeded ? 'A value is required' : undefined
}
