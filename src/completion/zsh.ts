import {
  type CompletedArgument,
  type CompletedCommand,
  type CompletedOption,
  type CompletedProgram,
  type CompletionScript,
  fileNames,
  fillEngine,
  quoteWord,
  type Words,
} from './completion.ts'

/** Completion for zsh, through its own _arguments and _describe. */
export const zshCompletion: CompletionScript = {
  shell: 'zsh',
  render: (program, engine) => fillEngine(engine, renderTables(program)),
}

function renderTables({ options, commands }: CompletedProgram): string {
  return `typeset -ga __nexus_registry_files=(
${indent(2, fileNames)}
)

__nexus_registry_commands() {
  local -a commands=(
${indent(
  4,
  commands.map(({ name, description }) => quoteWord(`${name}:${description}`)),
)}
  )
  _describe -t commands command commands
}

# Sets \`specs\` to what the subcommand $1 takes, in the words of _arguments.
__nexus_registry_specs() {
  specs=(
${indent(4, options.flatMap(toOptionSpecs))}
  )
  case $1 in
${commands.flatMap(renderCommand).join('\n')}
  esac
}`
}

function renderCommand({ name, aliases, options, arguments: places }: CompletedCommand): string[] {
  const specs = [...options.flatMap(toOptionSpecs), ...places.map(toArgumentSpec)]
  if (specs.length === 0) return []
  return [
    `    (${[name, ...aliases].join('|')})
      specs+=(
${indent(8, specs)}
      )
      ;;`,
  ]
}

function toOptionSpecs({ flags, description, values }: CompletedOption): string[] {
  const others = flags.length > 1 ? `(${flags.join(' ')})` : ''
  const text = `[${description.replace(/[\\\]]/g, '\\$&')}]`
  return flags.map(flag => {
    if (values.length === 0) return quoteWord(`${others}${flag}${text}`)
    // \`--home=\`: the value may stand behind a \`=\` or in the next word; \`-h+\`: in the same word or the next.
    const join = flag.startsWith('--') ? '=' : '+'
    const actions = values.map(words => `:${flag.replace(/^-+/, '')}:${toAction(words)}`)
    return quoteWord(`${others}${flag}${join}${text}${actions.join('')}`)
  })
}

function toArgumentSpec({ name, words, isVariadic }: CompletedArgument, index: number): string {
  return quoteWord(`${isVariadic ? '*' : index + 1}:${name}:${toAction(words)}`)
}

// An action that begins with a space is called without the options that _arguments has for compadd.
function toAction(words: Words): string {
  if (typeof words !== 'string') return `(${words.join(' ')})`
  if (words === 'free') return ' '
  if (words === 'command') return ' __nexus_registry_commands'
  if (words === 'directory') return '_files -/'
  return words === 'file' ? '_files' : ` __nexus_registry_words ${words}`
}

function indent(width: number, lines: readonly string[]): string {
  return lines.map(line => `${' '.repeat(width)}${line}`).join('\n')
}
