import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Benchmark, Contender } from '../benchmark.ts'
import { keepAnswer, withoutNode } from '../kept-answer.ts'
import { findProgram } from '../peers.ts'
import { runCommand } from '../run-command.ts'
import { launcher, type Sandbox } from '../sandbox.ts'
import { createStarts } from '../starts.ts'

const bareNode = '`node -e 0`'
/** One call of a shell completes so many times: its own start counts little then. */
const counts = { bash: 30, fish: 100 } as const

/** What TAB costs once the words are kept. */
export const completion: Benchmark = {
  name: 'completion',
  what: 'Complete `nexus-registry has do` from cached words',
  runs: 10,
  warmUps: 1,
  prepare: async bare => {
    const sandbox = await keepAnswer(bare, 86_400)
    runCommand([launcher, 'words'], sandbox)
    const contenders = [createStarts(bareNode, { argv: [process.execPath, '-e', '0'], count: 10 }, sandbox)]
    const skipped = ['Completion in zsh needs its line editor, and so a terminal: skipped']
    for (const shell of ['bash', 'fish'] as const) {
      const program = findProgram(shell)
      if (program.isFound) contenders.push(await createCompletion(shell, program.file, sandbox))
      else skipped.push(program.skipped)
    }
    return { contenders, skipped }
  },
}

async function createCompletion(
  shell: keyof typeof counts,
  file: string,
  sandbox: Sandbox,
): Promise<Contender> {
  const script = path.join(sandbox.directory, `completion.${shell}`)
  await writeFile(script, runCommand([launcher, 'completion', shell], sandbox).stdout)
  const times = counts[shell]
  const loop = path.join(import.meta.dirname, `../scripts/complete.${shell}`)
  const argv = [file, loop, script, String(times)] as const
  const comparisons = [{ kind: 'times', of: bareNode, atMost: 1.5 }] as const
  const contender: Contender = {
    quantities: [{ label: `in ${shell}`, unit: 'ms', comparisons }],
    run: async () => [runCommand(argv, sandbox).ms / times],
  }
  return withoutNode(contender, sandbox)
}
