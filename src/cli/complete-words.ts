import type { Argument, Command, Option } from 'commander'
import type {
  CompletedArgument,
  CompletedCommand,
  CompletedOption,
  CompletedProgram,
  Words,
} from '../completion/completion.ts'
import { completionScripts } from '../completion/index.ts'
import { shells } from '../env/shells/index.ts'
import { graphFormats } from '../graph/formats/index.ts'
import { graphEdgeTypes } from '../graph/graph.ts'
import { exportFormats } from '../import/export-models.ts'
import { importStrategies } from '../import/merge-record.ts'
import { changeKinds } from '../journal/change-kinds.ts'
import { entriesFormats } from '../query/formats/index.ts'
import { importFormatNames, subRegistryNames } from '../registry/schema/names.ts'
import { diagnosticsFormats } from '../validate/formats/index.ts'
import { listRuleChoices } from '../validate/rules/index.ts'

/** Completions by placeholder, like `<id>`: of any subcommand, or of the subcommand before it. */
const wordsByPlaceholder: Readonly<Record<string, Words>> = {
  address: 'free',
  id: 'id',
  ref: 'ref',
  registry: 'registry',
  filter: 'filter',
  dir: 'directory',
  file: 'file',
  path: 'file',
  days: 'free',
  n: 'free',
  range: 'free',
  seconds: 'free',
  'add name': 'free',
  'changes kind': changeKinds,
  'changes time': 'free',
  'completion shell': completionScripts.map(({ shell }) => shell),
  'discover name': 'free',
  'env name': shells.map(({ name }) => name),
  'export format': Object.keys(exportFormats),
  'has name': 'id',
  'graph format': Object.keys(graphFormats),
  'graph type': graphEdgeTypes,
  'help command': 'command',
  'import day': 'free',
  'import name': importStrategies,
  'import source': importFormatNames,
  'query args': 'free',
  'query condition': 'condition',
  'query field': 'fields',
  'query fields': 'fields',
  'query format': ['table', ...Object.keys(entriesFormats)],
  'query name': 'free',
  'query value': 'free',
  'rename new-id': 'free',
  'sync registry': subRegistryNames,
  'token id': 'free',
  'token text': 'free',
  'token time': 'free',
  'trust path': 'directory',
  'validate format': Object.keys(diagnosticsFormats),
  'validate rule': listRuleChoices(),
}

/** Completions for `<placeholder>` of a subcommand; none for an unknown one. */
export function findWords(command: string, placeholder: string): Words {
  return wordsByPlaceholder[`${command} ${placeholder}`] ?? wordsByPlaceholder[placeholder] ?? 'free'
}

/** Whether a placeholder has completions in the table. */
export function isKnownPlaceholder(command: string, placeholder: string): boolean {
  return [`${command} ${placeholder}`, placeholder].some(key => Object.hasOwn(wordsByPlaceholder, key))
}

/** Finds completions for `<placeholder>` of a subcommand; '' is the program itself. */
export type FindWords = (command: string, placeholder: string) => Words

/** Describes a program for completion, with the same names and descriptions as its help. */
export function toCompletedProgram(program: Command, findWords: FindWords): CompletedProgram {
  const help = program.createHelp()
  const globals = help.visibleOptions(program)
  const isOwn = (option: Option) => globals.every(({ long }) => long !== option.long)
  return {
    name: program.name(),
    options: globals.map(option => toOption(option, words => findWords('', words))),
    commands: help.visibleCommands(program).map((command): CompletedCommand => {
      const find = (placeholder: string) => findWords(command.name(), placeholder)
      return {
        name: command.name(),
        aliases: command.aliases(),
        description: command.description(),
        options: help
          .visibleOptions(command)
          .filter(isOwn)
          .map(option => toOption(option, find)),
        arguments: command.registeredArguments.map(argument => toArgument(argument, find)),
      }
    }),
  }
}

function toOption(option: Option, find: (placeholder: string) => Words): CompletedOption {
  const placeholders = [...option.flags.matchAll(/[<[]([\w-]+)/g)].map(([, name = '']) => name)
  return {
    flags: [option.short, option.long].filter(flag => flag !== undefined),
    description: option.description,
    values: placeholders.map(placeholder => option.argChoices ?? find(placeholder)),
  }
}

function toArgument(argument: Argument, find: (placeholder: string) => Words): CompletedArgument {
  const name = argument.name()
  return { name, words: argument.argChoices ?? find(name), isVariadic: argument.variadic }
}
