import type { Argument, Command, Option } from 'commander'
import type {
  CompletedArgument,
  CompletedCommand,
  CompletedOption,
  CompletedProgram,
  Words,
} from '../completion/completion.ts'

/** What stands for `<placeholder>` of a subcommand; the program itself is the subcommand ''. */
export type FindWords = (command: string, placeholder: string) => Words

/** Describes a program as its help does, so that what is completed is what is there. */
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
