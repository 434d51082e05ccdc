import { isShortageCode } from '../lib/errors.ts'
import type { Argv } from '../lib/shell/command-line.ts'
import { toCleanText } from '../lib/text/text.ts'
import type { ProcessResult } from '../platform/host.ts'
import { runIsolated } from './command-runner.ts'
import { toMissing, toPresent } from './path.ts'
import {
  type Finding,
  type FoundProgram,
  type Probe,
  type ProbeContext,
  type ProbeTarget,
  toBareFinding,
} from './probe.ts'
import { isNullable, isObjectOf, isText, type ShapeOf } from './probe-cache.ts'

/** The result of a command: why it failed, or null when it succeeded. */
const isCommandResult = isObjectOf({ no: isNullable(isText) })
type CommandResult = ShapeOf<typeof isCommandResult>

/** Present when the command exits with 0. Its program is searched on PATH like any other. */
export const commandProbe: Probe = {
  kind: 'command',
  detect: async (target, context) => {
    const command = target.command
    if (command === undefined) return toBareFinding('unknown', 'it has no command')
    const search = await context.programs.find(command[0])
    if (search.result?.kind === 'uncertain') return toUnknown(search.result.reason, search.result.path)
    if (search.result?.kind !== 'found') return toMissing(command[0], search, context)
    const program = search.result
    const result = await runCheck(command, program, target, context)
    if ('status' in result) return result
    if (result.no !== null) return toBareFinding('absent', result.no)
    return { ...(await toPresent(program, search, target, context)), status: 'present', evidence: 'command' }
  },
}

async function runCheck(
  command: Argv,
  program: FoundProgram,
  target: ProbeTarget,
  context: ProbeContext,
): Promise<CommandResult | Finding> {
  const key = JSON.stringify(['command', program.identity, command.slice(1)])
  if (context.mode === 'quick') {
    const stored = context.cache.get(key)
    return isCommandResult(stored) ? stored : toUnknown('not run in a quick sync', program.path)
  }
  if (!target.isTrusted) {
    const isForeign = target.isFromUpstream
    const why = isForeign ? 'its command came over the network, and none of those is run' : 'not trusted'
    return toUnknown(why, program.path)
  }
  const argv: Argv = [program.target, ...command.slice(1)]
  const { timeoutMs } = target
  const result = checksProgramOnly(command)
    ? await runIsolated(
        argv,
        { timeoutMs, isResult: ({ exitCode }) => exitCode === 0, otherwise: 'everything' },
        context,
      )
    : await context.run(argv, { timeoutMs })
  const failure = toFailure(result, command, program, target)
  if (failure) return failure
  const checked: CommandResult = { no: result.exitCode === 0 ? null : describe(result, command) }
  if (program.isStable) context.cache.set(key, checked)
  return checked
}

/** Whether a command is about the program itself, and not about accounts, servers or files of the user. */
function checksProgramOnly([, first, ...others]: Argv): boolean {
  const isFlag = (argument: string | undefined) => /^--?(?:short-)?(?:version|help)$/.test(argument ?? '')
  if (isFlag(first) || others.some(isFlag)) return true
  return /^(?:version|help)$/.test(first ?? '') || (others.length === 0 && /^-[vVh]$/.test(first ?? ''))
}

function toFailure(
  result: ProcessResult,
  command: Argv,
  program: FoundProgram,
  target: ProbeTarget,
): Finding | undefined {
  const name = command.join(' ')
  const { path } = program
  if (result.outcome === 'timed-out') {
    return toUnknown(`\`${name}\` did not end within ${target.timeoutMs / 1000} s`, path)
  }
  if (result.outcome === 'aborted') return toUnknown(`\`${name}\` was interrupted`, path)
  if (result.outcome === 'exited') return undefined
  const isSignaled = result.outcome === 'signaled'
  const end = isSignaled ? `died of ${result.signal}` : `could not be started (${result.error})`
  const reason = `\`${name}\` ${end}`
  if (result.outcome === 'not-started' && isShortageCode(result.error)) return toUnknown(reason, path)
  return { status: 'broken', path, version: null, evidence: 'command', reason }
}

function describe(result: ProcessResult, command: Argv): string {
  const complaint = lastLine(result.stderr) || lastLine(result.stdout)
  const detail = complaint === '' ? '' : `: ${complaint}`
  return `\`${command.join(' ')}\` ended with exit code ${result.exitCode}${detail}`
}

function lastLine(text: string): string {
  return toCleanText(text.trimEnd().split('\n').at(-1) ?? '')
}

function toUnknown(reason: string, path: string | null): Finding {
  return { ...toBareFinding('unknown', reason), path }
}
