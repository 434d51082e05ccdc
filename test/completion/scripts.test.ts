import { describe, expect, test } from 'vitest'
import { isKnownPlaceholder } from '../../src/cli/complete-words.ts'
import { createProgram } from '../../src/cli/run.ts'
import { realProgram, renderScript, smallProgram } from '../support/shells/completion.ts'

const stdout = { write: () => undefined, isTerminal: false, columns: undefined }
const program = createProgram({ stdout }, () => () => () => Promise.resolve())
const visible = program.createHelp().visibleCommands(program)

describe('the description of the program', () => {
  test('has every command and option that help shows', () => {
    expect(realProgram.commands.map(({ name }) => name)).toEqual(visible.map(command => command.name()))
    for (const command of visible) {
      const described = realProgram.commands.find(({ name }) => name === command.name())
      const flags = [...realProgram.options, ...(described?.options ?? [])].flatMap(option => option.flags)
      expect(flags).toEqual(expect.arrayContaining(command.options.flatMap(({ long }) => long ?? [])))
      expect(described?.arguments.map(({ name }) => name)).toEqual(
        command.registeredArguments.map(argument => argument.name()),
      )
    }
  })

  test('has nothing that is hidden', () => {
    expect(realProgram.commands.map(({ name }) => name)).not.toContain('words')
    expect(smallProgram.commands.map(({ name }) => name)).toEqual(['explain', 'query', 'help'])
    expect(JSON.stringify(smallProgram)).not.toContain('--hidden')
  })

  test('says once that an option is global', () => {
    const own = realProgram.commands.flatMap(({ options }) => options.flatMap(({ flags }) => flags))
    const global = realProgram.options.flatMap(({ flags }) => flags)
    expect(own.filter(flag => global.includes(flag))).toEqual([])
  })

  test('gives an option with a value one in every subcommand: fish does not tell them apart', () => {
    const options = realProgram.commands.flatMap(command => command.options)
    const valued = options.filter(({ values }) => values.length > 0).flatMap(({ flags }) => flags)
    const bare = options.filter(({ values }) => values.length === 0).flatMap(({ flags }) => flags)
    expect(valued.filter(flag => bare.includes(flag))).toEqual([])
  })

  test("takes Commander's own choices", () => {
    const [explain] = smallProgram.commands
    expect(explain?.options.find(({ flags }) => flags.includes('--as'))?.values).toEqual([['tree', 'text']])
  })
})

test('it is known of every placeholder in help what may stand there', () => {
  const own = visible.flatMap(command => [
    ...command.registeredArguments
      .filter(({ argChoices }) => argChoices === undefined)
      .map(argument => [command.name(), argument.name()] as const),
    ...[...command.options, ...program.options]
      .filter(({ argChoices }) => argChoices === undefined)
      .flatMap(({ flags }) =>
        [...flags.matchAll(/[<[]([\w-]+)/g)].map(([, name = '']) => [command.name(), name] as const),
      ),
  ])
  expect(own.filter(([command, name]) => !isKnownPlaceholder(command, name))).toEqual([])
})

describe.each([
  ['zsh', (flag: string) => flag, true],
  ['bash', (flag: string) => flag, false],
  ['fish', (flag: string) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`), true],
] as const)('the script for %s', (shell, toShown, hasDescriptions) => {
  const script = renderScript(shell)

  test.each(realProgram.commands.map(command => [command.name, command] as const))(
    'has %s',
    (name, command) => {
      expect(script).toMatch(new RegExp(`(?:^|[\\s'])${name}(?:[\\s':)]|$)`, 'm'))
      const flags = [...realProgram.options, ...command.options].flatMap(option => option.flags)
      expect(flags.filter(flag => !script.includes(toShown(flag)))).toEqual([])
      const texts = [command, ...command.options].map(({ description }) => description)
      if (hasDescriptions) expect(texts.filter(text => !script.includes(text))).toEqual([])
    },
  )

  test('has nothing that is hidden, and no mark of its own making', () => {
    const small = renderScript(shell, smallProgram)
    expect(small).not.toMatch(/secret|hidden/)
    expect(small).not.toContain('#@')
  })
})
