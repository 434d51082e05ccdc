import {
  type CompletedCommand,
  type CompletedOption,
  type CompletedProgram,
  type CompletionScript,
  fileNames,
  fillEngine,
  type Words,
} from './completion.ts'

/** Completion for fish, 3.2 and later. */
export const fishCompletion: CompletionScript = {
  shell: 'fish',
  render: (program, engine) => fillEngine(engine, renderTables(program)),
}

function renderTables(program: CompletedProgram): string {
  const { name, options, commands } = program
  const all = [...options, ...commands.flatMap(command => command.options)]
  const flagsWith = (count: number) =>
    all.filter(({ values }) => values.length === count).flatMap(({ flags }) => flags)
  return `set -g __nexus_registry_files ${fileNames.join(' ')}
# Options whose value is the next word, and those whose values are the next two.
set -g __nexus_registry_valued ${flagsWith(1).join(' ')}
set -g __nexus_registry_paired ${flagsWith(2).join(' ')}

${options.map(option => renderOption(program, '', option)).join('\n')}

${commands
  .map(
    command =>
      `complete -c ${name} -n __nexus_registry_needs_command -a ${command.name} -d ${quoteWord(command.description)}`,
  )
  .join('\n')}

${commands
  .map(command => renderCommand(command, program))
  .filter(text => text !== '')
  .join('\n\n')}`
}

function renderCommand(command: CompletedCommand, program: CompletedProgram): string {
  const names = [command.name, ...command.aliases].join(' ')
  const options = command.options.map(option =>
    renderOption(program, ` -n '__nexus_registry_at any ${names}'`, option),
  )
  const places = command.arguments.flatMap(({ words, isVariadic }, index) => {
    if (words === 'free') return []
    const condition = `__nexus_registry_at ${index}${isVariadic ? '+' : ''} ${names}`
    return [`complete -c ${program.name} -n '${condition}'${toSource(words, program)}`]
  })
  return [...options, ...places].join('\n')
}

function renderOption(program: CompletedProgram, condition: string, option: CompletedOption): string {
  const flags = option.flags.map(flag =>
    flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`,
  )
  const [first, second] = option.values
  const value = first === undefined ? '' : ` -r${toSource(first, program)}`
  const own = `complete -c ${program.name}${condition} ${flags.join(' ')}${value} -d ${quoteWord(option.description)}`
  if (second === undefined || second === 'free') return own
  // fish knows of one value: the next word is offered as an argument is.
  return `${own}
complete -c ${program.name} -n '__nexus_registry_is_second ${option.flags.join(' ')}'${toSource(second, program)}`
}

function toSource(words: Words, program: CompletedProgram): string {
  if (typeof words !== 'string') return ` -f -a ${quoteWord(words.join(' '))}`
  if (words === 'free') return ' -f'
  if (words === 'file') return ' -F'
  if (words === 'command') return ` -f -a ${quoteWord(program.commands.map(({ name }) => name).join(' '))}`
  if (words === 'directory') return ` -f -a '(__fish_complete_directories (commandline -ct))'`
  if (words === 'filter') return " -f -a '(__nexus_registry_filters)'"
  if (words === 'fields') return " -f -a '(__nexus_registry_fields)'"
  if (words === 'condition') return " -f -a '(__nexus_registry_conditions)'"
  return ` -f -a '(__nexus_registry_words ${words})'`
}

// In single quotes of fish, a backslash escapes itself and the quote.
function quoteWord(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`
}
