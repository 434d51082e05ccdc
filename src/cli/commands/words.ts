import type { CommandContext, ExitCode, RegisterCommand } from '../command-context.ts'

/** What completion asks when it finds no words that are young enough. Hidden: it is for shells, not for people. */
export const registerWords: RegisterCommand = (program, execute) => {
  program
    .command('words', { hidden: true })
    .description('print the words that completion offers, and keep them')
    .action(execute(printQuietly, { config: 'collect' }))
}

// Whatever goes wrong, a message in the middle of a command line that is being typed helps nobody.
async function printQuietly(context: CommandContext): Promise<ExitCode> {
  await printWords(context).catch(() => undefined)
  return 0
}

async function printWords({ home, host, print }: CommandContext): Promise<void> {
  const [{ loadSnapshot }, { renderWords, toWords }, { saveWords }] = await Promise.all([
    import('../../registry/load/load-snapshot.ts'),
    import('../../completion/words.ts'),
    import('../../completion/word-cache.ts'),
  ])
  const place = await home()
  const snapshot = await loadSnapshot(place.directory, host)
  print(renderWords(toWords(snapshot)))
  await saveWords(place, snapshot, host)
}
