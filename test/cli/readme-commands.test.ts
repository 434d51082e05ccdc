import { execFile, spawn } from 'node:child_process'
import { cp } from 'node:fs/promises'
import nodePath from 'node:path'
import { promisify } from 'node:util'
import pLimit from 'p-limit'
import { expect, test } from 'vitest'
import { createProgram } from '../../src/cli/run.ts'
import { codeBlocks, listGuides, readDocument } from '../support/documents.ts'
import { runInProcess } from '../support/processes/run-in-process.ts'
import { collect } from '../support/processes/run-program.ts'
import { systemPath } from '../support/shells/system-path.ts'
import { temporaryDirectory } from '../support/test-host.ts'

/** Lines that are not run here: others start a server, a package manager or another shell, or use the network. */
const elsewhere = [
  /^(?:npm|npx) /,
  /--watch\b|nexus-registry serve\b|--web\b|--url\b/,
  /^curl |^api=|^ {2}-X /,
  /\| source\b/,
  /^nexus_|\$NEXUS_/,
  /&& (?:docker|npm) /,
  /--deep\b/,
]

const seen = new Set<string>()

/** Whether a page before this one shows the same call. What writes a file may be needed by the next line. */
function isRepeated(line: string): boolean {
  const call = line.replace(/ {2,}#.*$/, '')
  if (!call.startsWith('nexus-registry ') || call.includes('>')) return false
  return seen.has(call) || !seen.add(call)
}

const blocks = listGuides()
  .flatMap(name => codeBlocks(readDocument(name)))
  .filter(({ language }) => language === 'sh')
  .map(({ body }) => body.trimEnd().split('\n'))
  .map(lines =>
    lines.filter(line => line !== '' && !elsewhere.some(pattern => pattern.test(line)) && !isRepeated(line)),
  )
  .filter(lines => lines.length > 0)

test('the lines of README and the guides work in an empty home, as they stand there', async () => {
  const lines = blocks.flat()
  expect(lines.length).toBeGreaterThanOrEqual(80)
  expect(lines.filter(line => /> *~\//.test(line)).length).toBeGreaterThanOrEqual(8)
  const home = await temporaryDirectory()
  await cp('registries', nodePath.join(home, 'registries'), { recursive: true })
  await cp('registries/tool_registry.json', nodePath.join(home, 'new.json'))
  const isLast = (block: readonly string[]) => block.some(line => line.startsWith('rm '))
  const limit = pLimit(2)
  const all = blocks.filter(block => !isLast(block))
  const failed = await Promise.all(all.map(block => limit(() => runLines(block, home))))
  for (const block of blocks.filter(isLast)) failed.push(await runLines(block, home))
  expect(failed.flat()).toEqual([])
}, 300_000)

const stdout = { write: () => undefined, isTerminal: false, columns: undefined }
const program = createProgram({ stdout }, () => () => () => Promise.resolve())
const helps = program.commands.map(command => {
  let text = ''
  command.configureOutput({
    writeOut: part => {
      text += part
    },
  })
  command.outputHelp()
  return [command.name(), text] as const
})

test('what the help writes into a home works in an empty one', async () => {
  // What is explained stands behind a gap.
  const lines = helps.flatMap(([, text]) =>
    text
      .split('\n')
      .filter(line => /^ +\S.*~\/\./.test(line) && !/--watch|eval /.test(line))
      .map(line => line.trim().replace(/ {2,}.*$/, '')),
  )
  expect(lines.length).toBeGreaterThanOrEqual(5)
  expect(await runLines(lines, await temporaryDirectory())).toEqual([])
}, 120_000)

/** Runs lines one after the other: those that fail, and what they say. */
async function runLines(lines: readonly string[], home: string): Promise<string[]> {
  const failed: string[] = []
  for (const line of lines) {
    const { code, stderr } = await (isLikeAnother(line) ? callHere : runInShell)(line, home)
    // 1 is an answer, like that something is not here.
    const isFine = (code === 0 || code === 1) && !/error:|annot|o such/.test(stderr)
    if (!isFine) failed.push(`${line}: ${stderr}code ${code}`)
  }
  return failed
}

const started = new Set<string>()

/** Whether a line is nothing but a call, of a command that another line has started as a program of its own. */
function isLikeAnother(line: string): boolean {
  const outside = line.replaceAll(/'[^']*'|"[^"$`]*"/g, '').replace(/ #.*$/, '')
  const [, command = ''] = /^nexus-registry ([a-z]+)\b/.exec(line) ?? []
  if (command === '' || /[|&;<>()$`*]/.test(outside)) return false
  return started.has(command) || !started.add(command)
}

async function runInShell(line: string, home: string) {
  const PATH = `${nodePath.resolve('bin')}:${nodePath.dirname(process.execPath)}:${systemPath}`
  const stdio = ['ignore', 'ignore', 'pipe'] as const
  return collect(spawn('sh', ['-c', line], { cwd: home, env: { HOME: home, PATH }, stdio: [...stdio] }))
}

/** Calls the command with the words that a shell reads in the line. */
async function callHere(line: string, home: string) {
  const call = line.replace(/^nexus-registry/, 'read_words')
  const script = `read_words() { printf '%s\\0' "$@"; }\n${call}\n`
  const env = { HOME: home, PATH: systemPath }
  const { stdout } = await promisify(execFile)('sh', ['-c', script], { cwd: home, env })
  const words = stdout.split('\0').slice(0, -1)
  expect(words[0]).toBe(line.split(' ')[1])
  return runInProcess(words, { directory: home })
}
