import { execFile } from 'node:child_process'
import { cp, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import pLimit from 'p-limit'
import { expect, test } from 'vitest'
import { createProgram } from '../../src/cli/run.ts'
import { codeBlocks, listGuides, readDocument } from '../support/documents.ts'
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

/** Runs lines one after the other, each in a subshell of its own: those that fail, and what they say. */
async function runLines(lines: readonly string[], home: string): Promise<string[]> {
  const script = nodePath.join(home, `script-${lines[0]?.length}-${lines.at(-1)?.length}-${lines.length}`)
  // 1 is an answer, like that something is not here.
  const steps = lines.map(
    (line, index) => `said=$( ( ${line}\n) 2>&1 >/dev/null; echo "code $?" )
case $said in *error:*|*'code 1'[0-9]*|*'code '[2-9]*|*annot*|*'o such'*) echo "${index} $said" ;; esac`,
  )
  await writeFile(script, steps.join('\n'))
  const PATH = `${nodePath.resolve('bin')}:${nodePath.dirname(process.execPath)}:${systemPath}`
  const written = await new Promise<string>((resolve, reject) => {
    execFile('sh', [script], { cwd: home, env: { HOME: home, PATH } }, (error, out, complaints) => {
      if (error) reject(error)
      else resolve(out + complaints)
    })
  })
  return written
    .split('\n')
    .filter(line => line !== '')
    .map(line => line.replace(/^(\d+) /, (_, index) => `${lines[Number(index)]}: `))
}
