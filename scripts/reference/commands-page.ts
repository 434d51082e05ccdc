import type { Argument, Command, Help, Option } from 'commander'
import { createProgram } from '../../src/cli/run.ts'
import { renderTable, toCode, toGeneratedPage, toSentence } from './markdown.ts'

/** Reference of every subcommand, read from the definitions that the program itself parses with. */
export function renderCommandsPage(): string {
  const stdout = { write: () => undefined, isTerminal: false, columns: undefined }
  const program = createProgram({ stdout }, () => () => () => Promise.resolve())
  const help = program.createHelp()
  const commands = help.visibleCommands(program).filter(({ parent }) => parent === program)
  const all = commands.flatMap(command => [
    command,
    ...command.commands.filter(({ parent }) => parent === command),
  ])
  return toGeneratedPage('Commands', [
    'Every subcommand with its arguments and options, as `nexus-registry help COMMAND` prints them.',
    commands.map(command => `[${command.name()}](#${command.name()})`).join(' · '),
    '## Options of every command',
    'They may stand before or after the name of the command.',
    renderTable(['option', 'meaning'], help.visibleOptions(program).map(toOptionRow)),
    ...all.flatMap(command => renderCommand(command, help)),
  ])
}

function renderCommand(command: Command, help: Help): string[] {
  // Every command has --help; it is listed once, above.
  const options = help.visibleOptions(command).filter(({ long }) => long !== '--help')
  const values = help.visibleArguments(command)
  const names = [command.name(), ...command.aliases()].join('|')
  const { parent } = command
  const path = parent?.parent ? `${parent.name()} ${names}` : names
  return [
    parent?.parent ? `### ${parent.name()} ${command.name()}` : `## ${command.name()}`,
    `${toCode(`nexus-registry ${path} ${command.usage()}`)}`,
    `${toSentence(command.description())}.`,
    ...(values.length > 0 ? [renderTable(['argument', 'meaning'], values.map(toArgumentRow))] : []),
    ...(options.length > 0 ? [renderTable(['option', 'meaning'], options.map(toOptionRow))] : []),
    ...renderNotes(command),
  ]
}

// Commander writes the help itself first, and then what `addHelpText` put behind it.
function renderNotes(command: Command): string[] {
  const parts: string[] = []
  command.configureOutput({ writeOut: part => parts.push(part) })
  command.outputHelp()
  const notes = parts.slice(1).join('').trim()
  return notes === '' ? [] : [`\`\`\`text\n${notes}\n\`\`\``]
}

function toOptionRow(option: Option): string[] {
  const isDefaultTold = option.description.includes('default') || option.negate
  return [toCode(option.flags), describe(option, isDefaultTold)]
}

function toArgumentRow(argument: Argument): string[] {
  return [toCode(argument.name()), describe(argument, argument.description.includes('default'))]
}

function describe(value: Argument | Option, isDefaultTold: boolean): string {
  const { description, argChoices, defaultValue, defaultValueDescription } = value
  const shown = defaultValueDescription ?? defaultValue
  const hasDefault = shown !== undefined && !isDefaultTold && !(Array.isArray(shown) && shown.length === 0)
  const notes = [
    ...(argChoices ? [`one of ${argChoices.map(toCode).join(', ')}`] : []),
    ...(hasDefault ? [`default: ${toCode(String(shown))}`] : []),
  ]
  return [toSentence(description), ...notes].join('; ')
}
