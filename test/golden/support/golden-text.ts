import { readFileSync } from 'node:fs'
import nodePath from 'node:path'
import type { ProgramRun } from '../../support/processes/run-program.ts'
import { type Call, type FixedMachine, fixturePort, repository } from './fixed-machine.ts'

const { version }: { version: string } = JSON.parse(
  readFileSync(nodePath.join(repository, 'package.json'), 'utf8'),
)

/** What differs between two runs although the machine is fixed, and what golden files have instead. */
const replacements: readonly (readonly [RegExp, string])[] = [
  [literal(process.execPath), '<node>'],
  [literal(repository), '<program>'],
  [new RegExp(`(?<![\\d.])${escapeWord(version)}(?![\\d.])`, 'g'), '<version>'],
  // The server's own process, which has not always collected its garbage yet.
  [/^nodejs_active_(?:resources|requests|handles)\{[^\n]*\n/gm, ''],
  [/^nodejs_gc_duration_seconds\w*\{[^\n]*\n/gm, ''],
  [/^((?:process|nodejs)_[^\n]*) \S+$/gm, '$1 <number>'],
  // A token, and the id that `token list` has for it.
  [/\bnxr_[\w-]{43}/g, '<token>'],
  [/(?<![-\w])[0-9a-f]{8}(?![-\w])/g, '<token id>'],
  // Entity tags of what has the machine's directory or port in it, and the random beginning of an event's id.
  [/"[0-9a-f]{32}(-br|-gzip)?"/g, '"<etag>$1"'],
  [/\\"[0-9a-f]{32}\\"/g, '\\"<etag>\\"'],
  [/^id: [0-9a-f]{16}-/gm, 'id: <ring>-'],
  // What the log of the server says of itself, of a request, and of files that have the directory or port in them.
  [/"pid":\d+/g, '"pid":<pid>'],
  [/"request":"[0-9a-f]{16}"/g, '"request":"<request>"'],
  [/"(before|after)":"[0-9a-f]{64}"/g, '"$1":"<digest>"'],
  // Script and style of the page, whose names say what is in them.
  [/\/assets\/([a-z]+)-\w{8,}\./g, '/assets/$1-<hash>.'],
  [/<svg class="sprite"[\s\S]*?<\/svg>/g, '<symbols>'],
  // Completion cuts what it says of a path.
  [/(\.detected\.path\t)\/\S*$/gm, '$1<path, cut>'],
  [/version="v[\d.]+"/g, 'version="<node version>"'],
]

/** The same text on every computer. */
export function toGoldenText(text: string, { directory, port }: FixedMachine): string {
  const own = text
    .replaceAll(directory, '<machine>')
    .replace(new RegExp(`(?<!\\d)${port}(?!\\d)`, 'g'), String(fixturePort))
  return replacements.reduce((result, [pattern, replacement]) => result.replace(pattern, replacement), own)
}

/** What a call printed, and its exit code. */
export function renderRun(call: Call, run: ProgramRun, machine: FixedMachine): string {
  const { code, stdout, stderr } = run
  const parts = [
    ...describeCall(call),
    `exit code: ${code}`,
    ...section('stdout', stdout),
    ...section('stderr', stderr),
  ]
  return toGoldenText(`${parts.join('\n')}\n`, machine)
}

function describeCall({ args, env = {}, cwd, input, laterMs }: Call): string[] {
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value} `)
  const words = args.map(word => (/^[\w./:=,@+-]+$/.test(word) ? word : `'${word}'`))
  return [
    `$ ${variables.join('')}nexus-registry ${words.join(' ')}`,
    ...(cwd === undefined ? [] : [`in: ${cwd}`]),
    ...(input === undefined ? [] : [`stdin: ${JSON.stringify(input)}`]),
    ...(laterMs === undefined ? [] : [`minutes later: ${laterMs / 60_000}`]),
  ]
}

function section(name: string, text: string): string[] {
  if (text === '') return []
  return [
    '',
    `--- ${name}${text.endsWith('\n') ? '' : ' (without a line break at its end)'}`,
    text.replace(/\n$/, ''),
  ]
}

function literal(text: string): RegExp {
  return new RegExp(escapeWord(text), 'g')
}

function escapeWord(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

/** Directory of the golden files. */
export const goldenFiles = nodePath.join(repository, 'test/golden/files')

/** Path of a golden file. */
export function goldenFile(name: string): string {
  return nodePath.join(goldenFiles, `${name}.txt`)
}
