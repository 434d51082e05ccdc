import {
  type CompletedCommand,
  type CompletedOption,
  type CompletedProgram,
  type CompletionScript,
  commandNames,
  fileNames,
  fillEngine,
  quoteWord,
  type Words,
} from './completion.ts'

/** Completion for bash, 3.2 and later. It shows no descriptions. */
export const bashCompletion: CompletionScript = {
  shell: 'bash',
  render: (program, engine) => fillEngine(engine, renderTables(program)),
}

function renderTables(program: CompletedProgram): string {
  return `__nexus_registry_files=${quoteWord(fileNames.join(' '))}

# Sets what the subcommand $1 takes: \`options\`, the kind of word at each of its \`places\`, and at the \`rest\` of them.
__nexus_registry_takes() {
  options=(${flagsOf(program.options)}) places=() rest=''
  case $1 in
    '') rest=${quoteWord(toExpected('command', program))} ;;
${program.commands.map(command => renderCommand(command, program)).join('\n')}
  esac
}

# Sets \`expected\` to the kind of word that option $2 of subcommand $1 takes; fails when it takes none. After its first
# value an option is asked for as \`--arg 2\`.
__nexus_registry_value() {
  case "$1 $2" in
${renderValues('', program.options, program)}
${program.commands.flatMap(command => renderOwnValues(command, program)).join('\n')}
    *) return 1 ;;
  esac
}`
}

function renderCommand(command: CompletedCommand, program: CompletedProgram): string {
  const names = [command.name, ...command.aliases].join(' | ')
  const fixed = command.arguments.filter(({ isVariadic }) => !isVariadic)
  const places = fixed.map(({ words }) => quoteWord(toExpected(words, program)))
  const rest = command.arguments.filter(({ isVariadic }) => isVariadic)
  const assignments = [
    command.options.length > 0 ? `options+=(${flagsOf(command.options)})` : '',
    places.length > 0 ? `places=(${places.join(' ')})` : '',
    ...rest.map(({ words }) => `rest=${quoteWord(toExpected(words, program))}`),
  ]
  return `    ${[`${names})`, ...assignments, ';;'].filter(part => part !== '').join(' ')}`
}

function renderOwnValues(command: CompletedCommand, program: CompletedProgram): string[] {
  if (command.options.every(({ values }) => values.length === 0)) return []
  return [command.name, ...command.aliases].map(name => renderValues(name, command.options, program))
}

function renderValues(
  command: string,
  options: readonly CompletedOption[],
  program: CompletedProgram,
): string {
  const lines = options.flatMap(({ flags, values }) =>
    values.map((words, index) => {
      const asked = flags.map(flag => (index === 0 ? flag : `${flag} ${index + 1}`))
      // A global one belongs to every subcommand.
      const patterns = asked.map(flag => (command === '' ? `*' ${flag}'` : quoteWord(`${command} ${flag}`)))
      return `    ${patterns.join(' | ')}) expected=${quoteWord(toExpected(words, program))} ;;`
    }),
  )
  return lines.join('\n')
}

function flagsOf(options: readonly CompletedOption[]): string {
  return options.flatMap(({ flags }) => flags).join(' ')
}

function toExpected(words: Words, program: CompletedProgram): string {
  if (words === 'command') return toExpected(commandNames(program), program)
  return typeof words === 'string' ? words : `choice ${words.join(' ')}`
}
