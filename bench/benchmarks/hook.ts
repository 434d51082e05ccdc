import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Benchmark, Contender } from '../benchmark.ts'
import { keepAnswer, withoutNode } from '../kept-answer.ts'
import { findProgram } from '../peers.ts'
import { createPrompts } from '../prompts.ts'
import { packageRoot, type Sandbox } from '../sandbox.ts'
import { createStarts } from '../starts.ts'

const starts = { count: 20 }

/** What the integration adds to a shell while the answer that was kept is good. */
export const hook: Benchmark = {
  name: 'hook',
  what: 'A shell with the integration and without',
  runs: 20,
  warmUps: 1,
  prepare: async bare => {
    const sandbox = await keepAnswer(bare, 86_400)
    const creators = { zsh: createZsh, bash: createBash, fish: createFish }
    const contenders: Contender[] = []
    const skipped: string[] = []
    for (const [name, create] of Object.entries(creators)) {
      const shell = findProgram(name)
      if (shell.isFound) contenders.push(...(await create(shell.file, sandbox)))
      else skipped.push(shell.skipped)
    }
    return { contenders: contenders.map(contender => withoutNode(contender, sandbox)), skipped }
  },
}

async function createZsh(file: string, sandbox: Sandbox): Promise<Contender[]> {
  const withLines = async (name: string, ...lines: readonly string[]) => {
    const ZDOTDIR = path.join(sandbox.directory, name)
    await mkdir(ZDOTDIR)
    await writeFile(path.join(ZDOTDIR, '.zshrc'), ["PROMPT='%# '", ...lines, ''].join('\n'))
    return { ...sandbox, env: { ...sandbox.env, ZDOTDIR } }
  }
  const plain = await withLines('zsh-plain')
  const empty = await withLines('zsh-empty', 'nothing() { : }', 'precmd_functions+=(nothing)')
  const hooked = await withLines('zsh-hooked', toSource('zsh'))
  const start = { ...starts, argv: [file, '-ic', 'exit'] } as const
  const prompt = { argv: [file, '-i'], clock: 'zsh' } as const
  const [startGoal, promptGoal] = [0.5, 50]
  return [
    createStarts('`zsh -ic exit`', start, plain),
    createStarts(
      '`zsh -ic exit` with it',
      { ...start, comparisons: moreThan('`zsh -ic exit`', startGoal) },
      hooked,
    ),
    createPrompts('prompt of zsh', prompt, plain),
    createPrompts(
      'prompt of zsh with an empty `precmd` function',
      { ...prompt, comparisons: moreThan('prompt of zsh') },
      empty,
    ),
    createPrompts(
      'prompt of zsh with it',
      { ...prompt, comparisons: moreThan('prompt of zsh', promptGoal) },
      hooked,
    ),
  ]
}

async function createBash(file: string, sandbox: Sandbox): Promise<Contender[]> {
  const withLines = async (name: string, ...lines: readonly string[]) => {
    const rcfile = path.join(sandbox.directory, name)
    await writeFile(rcfile, ["PS1='$ '", 'unset HISTFILE', ...lines, ''].join('\n'))
    return [file, '--rcfile', rcfile] as const
  }
  const plain = await withLines('bash-plain')
  const hooked = await withLines('bash-hooked', toSource('bash'))
  return [
    createStarts('`bash -ic exit`', { ...starts, argv: [...plain, '-ic', 'exit'] }, sandbox),
    createStarts(
      '`bash -ic exit` with it',
      { ...starts, argv: [...hooked, '-ic', 'exit'], comparisons: moreThan('`bash -ic exit`') },
      sandbox,
    ),
    createPrompts('prompt of bash', { argv: [...plain, '-i'], clock: 'bash' }, sandbox),
    createPrompts(
      'prompt of bash with it',
      { argv: [...hooked, '-i'], clock: 'bash', comparisons: moreThan('prompt of bash') },
      sandbox,
    ),
  ]
}

async function createFish(file: string, sandbox: Sandbox): Promise<Contender[]> {
  const count = 5
  const argv = [file, '--init-command', toSource('fish'), '-ic', 'exit'] as const
  return [
    createStarts('`fish -ic exit`', { argv: [file, '-ic', 'exit'], count }, sandbox),
    createStarts(
      '`fish -ic exit` with it',
      { argv, count, comparisons: moreThan('`fish -ic exit`') },
      sandbox,
    ),
  ]
}

function toSource(shell: string): string {
  return `source '${path.join(packageRoot, 'shell', `hook.${shell}`)}'`
}

function moreThan(of: string, atMost?: number) {
  return [{ kind: 'more-than', of, ...(atMost === undefined ? {} : { atMost }) }] as const
}
