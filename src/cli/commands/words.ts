import type { CommandContext, ExitCode, RegisterCommand } from '../command-context.ts'

/** The shells call it when the cached words are missing or stale. Hidden: it is not for people. */
export const registerWords: RegisterCommand = (program, execute) => {
  program
    .command('words', { hidden: true })
    .description('Print the words for completion, and cache them')
    .action(execute(printQuietly, { config: 'collect' }))
}

// Ignores errors: a message in the middle of the command line would only disturb.
async function printQuietly(context: CommandContext): Promise<ExitCode> {
  await printWords(context).catch(() => undefined)
  return 0
}

async function printWords({ home, host, print }: CommandContext): Promise<void> {
  const [{ loadSnapshot }, { renderWords, saveWords, toWords }] = await Promise.all([
    import('../../registry/load/load-snapshot.ts'),
    import('../../completion/words.ts'),
  ])
  const place = await home()
  const snapshot = await loadSnapshot(place.directory, host)
  print(renderWords(toWords(snapshot)))
  await saveWords(place, snapshot, host)
}
