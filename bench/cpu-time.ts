import type { Argv } from './run-command.ts'

/** Wraps a command so that `readCpuTime` can tell what it, and all that it waited for, used of the processors. */
export function withCpuTime(argv: Argv): Argv {
  // `times` is a special built-in of POSIX: user and system time of the shell, then of its children.
  return ['sh', '-c', '"$@"; code=$?; times; exit $code', 'sh', ...argv]
}

/** CPU time in milliseconds and the command's own output, from the output of a command wrapped by `withCpuTime`. */
export function readCpuTime(stdout: string): { readonly cpuMs: number; readonly stdout: string } {
  const lines = stdout.trimEnd().split('\n')
  const times = [...(lines.at(-1) ?? '').matchAll(/(\d+)m([\d.]+)s/g)]
  if (times.length !== 2) throw new Error(`sh did not print times: ${lines.at(-1)}`)
  const cpuMs = times.reduce(
    (sum, [, minutes, seconds]) => sum + Number(minutes) * 60_000 + Number(seconds) * 1000,
    0,
  )
  return { cpuMs, stdout: lines.slice(0, -2).join('\n') }
}
