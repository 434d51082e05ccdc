import { spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import { onTestFinished } from 'vitest'
import { withoutEscapes } from '../../../src/lib/text/text.ts'
import { findShell } from '../shells/shells.ts'

/** What a shell's prompt has to be. */
export const prompt = 'READY>'

// zsh is here for its pseudo-terminals, whatever runs in them. A screen ends with a NUL.
const driver = `zmodload zsh/zpty
zpty -e inner "/bin/stty rows 50 cols 500; exec $1"
pattern='*${prompt}*'
while zpty -r inner screen $pattern && [[ $screen == $~pattern ]]; do
  print -rN -- "$screen"
  IFS= read -r line || exit
  zpty -w -n inner "$line"$'\\n'
  pattern=$'*\\n*${prompt}*'
done
print -rN -- "the shell has ended: $screen"`

export interface Terminal {
  /** What stood there before the first prompt. */
  readonly greeting: string
  /** Types a line: what then stands on the screen, up to the next prompt. */
  readonly type: (line: string) => Promise<string>
  /** Types a line of commands: what they print. */
  readonly run: (commands: string) => Promise<string>
}

export interface TerminalOptions {
  readonly directory: string
  readonly env: Readonly<Record<string, string | undefined>>
}

/** A person at a terminal, where a shell is started with these words. Rejects when it ends before its first prompt. */
export async function openTerminal(command: string, { directory, env }: TerminalOptions): Promise<Terminal> {
  const child = spawn(findShell('zsh') ?? 'zsh', ['-f', '-c', driver, 'zsh', command], {
    cwd: directory,
    env: { TERM: 'dumb', ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  onTestFinished(() => {
    child.stdin.end()
    child.kill()
  })
  const screens = readScreens(child.stdout)
  const read = async () => {
    const { value = '', done } = await screens.next()
    if (done || !value.endsWith(prompt)) throw new Error(value)
    return value
  }
  const type = async (line: string) => {
    child.stdin.write(`${line}\n`)
    return read()
  }
  return { greeting: await read(), type, run: async commands => between(await type(mark(commands))) }
}

async function* readScreens(stream: Readable): AsyncGenerator<string, undefined> {
  let text = ''
  for await (const chunk of stream.setEncoding('utf8')) {
    const screens = `${text}${chunk}`.split('\0')
    text = screens.pop() ?? ''
    // fish marks the end of a line that has none, and goes on in the next one.
    yield* screens.map(screen => withoutEscapes(screen).replace(/\r|⏎ +/g, ''))
  }
}

// What is typed is shown as well, but there the marks are not these characters.
function mark(commands: string): string {
  return `printf '\\1'; ${commands}; printf '\\2'`
}

function between(screen: string): string {
  const [, output] = /\u0001([\s\S]*)\u0002/.exec(screen) ?? []
  if (output === undefined) throw new Error(`there are no marks in ${JSON.stringify(screen)}`)
  return output
}
