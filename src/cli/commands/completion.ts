import type { Command } from 'commander'
import { NexusError } from '../../lib/errors.ts'
import type { CommandContext, ExitCode, RegisterCommand } from '../command-context.ts'
import { loadShellFile } from '../load-shell-file.ts'

export const registerCompletion: RegisterCommand = (program, execute) => {
  program
    .command('completion')
    .description('Print a completion script for a shell')
    .argument('[shell]', 'Shell: zsh, bash or fish')
    .addHelpText(
      'after',
      `
Completes ids, refs and jq paths too. The shell reads them from a file: TAB starts no process.

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
  const [{ completionScripts }, { toCompletedProgram, findWords }] = await Promise.all([
    import('../../completion/index.ts'),
    import('../complete-words.ts'),
  ])
  const script = completionScripts.find(candidate => candidate.shell === shell)
  if (!script) {
    const what = shell === undefined ? 'no shell given' : `unsupported shell ${JSON.stringify(shell)}`
    const hint = `Supported: ${completionScripts.map(candidate => candidate.shell).join(', ')}`
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
