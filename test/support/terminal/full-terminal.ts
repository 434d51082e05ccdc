import { execFileSync, spawn } from 'node:child_process'
import nodePath from 'node:path'
import { onTestFinished } from 'vitest'
import { writeScript } from '../processes/script.ts'
import { findShell } from '../shells/shells.ts'
import { systemPath } from '../shells/system-path.ts'
import { createEmulatedScreen, type EmulatedScreen } from './emulated-screen.ts'

// zsh is here for its pseudo-terminals: what is typed goes in, and what is written comes out, byte by byte.
const driver = `zmodload zsh/zpty zsh/zselect zsh/system
zpty -b inner "exec '$1'"
fd=$REPLY
while zselect -A ready -r $fd -r 0; do
  if (( \${+ready[$fd]} )); then sysread -i $fd -o 1 || exit; fi
  if (( \${+ready[0]} )); then sysread -i 0 typed && syswrite -o $fd -- "$typed" || exit; fi
done`

export interface FullTerminal {
  readonly screen: EmulatedScreen
  /** All that was written so far. */
  readonly written: () => string
  readonly type: (keys: string) => void
  readonly resize: (columns: number, rows: number) => void
  readonly signal: (name: NodeJS.Signals) => void
  /** Waits until it holds. Rejects after a while, with what is on the screen. */
  readonly until: (condition: () => boolean) => Promise<void>
  /** Waits until the program has ended; its exit code. */
  readonly ended: () => Promise<number>
  /** How the terminal is set, as stty tells it. */
  readonly settings: () => string
}

interface FullTerminalOptions {
  readonly directory: string
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly columns?: number
  readonly rows?: number
}

const patienceMs = 60_000

/** A program on a terminal, started by a shell that has job control: it is stopped, and goes on after a line is typed. */
export async function openFullTerminal(
  argv: readonly string[],
  { directory, env = {}, columns = 80, rows = 24 }: FullTerminalOptions,
): Promise<FullTerminal> {
  const start = `sh -c 'echo "pid=$$"; exec "$@"' sh ${argv.map(word => `'${word}'`).join(' ')}`
  const lines = [
    `stty rows ${rows} cols ${columns}; echo "tty=$(tty)"; set -m; ${start}; code=$?`,
    'while [ $code = 147 ] || [ $code = 148 ]; do echo stopped; read -r line; fg >/dev/null; code=$?; done',
    'echo "ended=$code"; exec sleep 60',
  ]
  const script = await writeScript(nodePath.join(directory, 'terminal.sh'), lines.join('\n'))
  const child = spawn(findShell('zsh') ?? 'zsh', ['-f', '-c', driver, 'zsh', script], {
    cwd: directory,
    env: {
      PATH: systemPath,
      TERM: 'xterm-256color',
      LANG: 'C.UTF-8',
      HOME: directory,
      ...env,
    },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  onTestFinished(() => {
    child.stdin.end()
    child.kill()
  })
  const screen = createEmulatedScreen(columns, rows, { isTaken: false })
  const output = { all: '', held: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output.all += text
    // An escape sequence may come in parts.
    const [, whole = '', part = ''] =
      /^([\s\S]*?)(\x1b(?:\[[?0-9;]*|\][^\x07]*)?)?$/.exec(output.held + text) ?? []
    output.held = part
    screen.write(whole)
  })
  const until = async (condition: () => boolean) => {
    const end = Date.now() + patienceMs
    while (!condition()) {
      if (Date.now() > end)
        throw new Error(`${screen.rows().join('\n')}\n${JSON.stringify(output.all.slice(-2000))}`)
      await new Promise(resolve => setTimeout(resolve, 20))
    }
  }
  const find = async (pattern: RegExp) => {
    await until(() => pattern.test(output.all))
    return pattern.exec(output.all)?.[1] ?? ''
  }
  const tty = await find(/tty=(\S+)/)
  const pid = Number(await find(/pid=(\d+)/))
  return {
    screen,
    written: () => output.all,
    type: keys => child.stdin.write(keys),
    resize: (newColumns, newRows) => {
      screen.resize(newColumns, newRows)
      execFileSync('stty', ['-F', tty, 'rows', String(newRows), 'cols', String(newColumns)])
    },
    signal: name => process.kill(pid, name),
    until,
    ended: async () => Number(await find(/ended=(\d+)/)),
    settings: () => execFileSync('stty', ['-F', tty, '-a'], { encoding: 'utf8' }),
  }
}
