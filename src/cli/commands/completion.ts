import type { Command } from 'commander'
import { NexusError } from '../../lib/errors.ts'
import type { CommandContext, ExitCode, RegisterCommand } from '../command-context.ts'
import { loadShellFile } from '../load-shell-file.ts'

export const registerCompletion: RegisterCommand = (program, execute) => {
  program
    .command('completion')
    .description('print a script that completes command lines in a shell')
    .argument('[shell]', 'zsh, bash or fish')
    .addHelpText(
      'after',
      `
Ids, refs and jq paths are offered too. They come from a file that the shell reads: TAB starts no program.

Examples:
  mkdir -p ~/.zfunc && nexus-registry completion zsh > ~/.zfunc/_nexus-registry    a directory in fpath, before compinit
  eval "$(nexus-registry completion bash)"                                         in ~/.bashrc
  mkdir -p ~/.config/fish/completions
  nexus-registry completion fish > ~/.config/fish/completions/nexus-registry.fish`,
    )
    .action(execute((context, shell: string | undefined) => printScript(context, program, shell)))
}

async function printScript(
  { host, print }: CommandContext,
  program: Command,
  shell: string | undefined,
): Promise<ExitCode> {
  const [{ completionScripts }, { toCompletedProgram }, { findWords }] = await Promise.all([
    import('../../completion/index.ts'),
    import('../complete-words.ts'),
    import('../complete-words.ts'),
  ])
  const script = completionScripts.find(candidate => candidate.shell === shell)
  if (!script) {
    const what =
      shell === undefined ? 'no shell is named' : `there is no completion for ${JSON.stringify(shell)}`
    const hint = `Use one of ${completionScripts.map(candidate => candidate.shell).join(', ')}`
    throw new NexusError('usage', what, { hint })
  }
  print(
    script.render(
      toCompletedProgram(program, findWords),
      await loadShellFile(`completion.${script.shell}`, host),
    ),
  )
  return 0
}
