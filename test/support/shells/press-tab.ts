import { execFile } from 'node:child_process'
import { rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import nodePath from 'node:path'
import { promisify } from 'node:util'
import { afterAll } from 'vitest'
import { withoutEscapes } from '../../../src/lib/text/text.ts'
import type { CompletingUser } from './completion.ts'
import { findShell } from './shells.ts'

// zsh is here for its pseudo-terminals. Nothing is typed before the prompt: the terminal itself would edit the line.
// The marks are written so that the echo of what is typed is no mark.
const driver = `zmodload zsh/zpty
zpty inner "$SHELL_COMMAND"
zpty -w inner "$SETUP"
for keys in '' "$@"; do
  zpty -w -n inner "$keys"$'\\n'
  zpty -w inner 'echo DO""NE'
  zpty -r inner screen $'*DONE\\r\\n*READY>*'
  print -rN -- "$screen"
done
zpty -d inner`

// compinit looks through hundreds of files, but for the first time.
const dump = nodePath.join(tmpdir(), `nexus-registry-test-zcompdump-${process.pid}`)
afterAll(() => rm(dump, { force: true }))

const setups = {
  zsh: `PROMPT='REA''DY>'; LISTMAX=10000; stty rows 200 cols 150; autoload -Uz compinit && compinit -u -d ${dump}; bindkey -e`,
  bash: `unset HISTFILE; PS1='REA''DY>'; stty rows 200 cols 150; bind 'set enable-bracketed-paste off'`,
} as const

/** What a person at a terminal types, with a tab where TAB is pressed, and what then stands on the screen, line by line. */
export async function pressTab(
  shell: 'zsh' | 'bash',
  typed: readonly string[],
  { script, user, options = '' }: { script: string; user: CompletingUser; options?: string },
): Promise<string[]> {
  const file = nodePath.join(user.directory, `script.${shell}`)
  await writeFile(file, script)
  const env = {
    ...user.env,
    SHELL_COMMAND: shell === 'zsh' ? 'zsh -f -i' : 'bash --norc --noprofile -i',
    SETUP: `${setups[shell]}; ${options} source ${file}`,
  }
  const zsh = findShell('zsh') ?? 'zsh'
  const { stdout } = await promisify(execFile)(zsh, ['-f', '-c', driver, 'zsh', ...typed], {
    cwd: user.directory,
    env,
    timeout: 20_000,
  })
  const [, ...screens] = stdout.replaceAll('\r', '').split('\0')
  return screens.map(withoutEscapes)
}
