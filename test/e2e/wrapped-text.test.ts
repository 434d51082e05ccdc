import { mkdir, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { expect, test } from 'vitest'
import { withoutEscapes } from '../../src/lib/text/text.ts'
import { openTerminal, prompt } from '../support/terminal/terminal.ts'
import { temporaryDirectory } from '../support/test-host.ts'

const program = nodePath.resolve('bin/nexus-registry')

const calls = [
  `${program} explain gpt-4o`,
  `${program} doctor`,
  `${program} has -v docker`,
  `${program} validate broken`,
  `${program} trust --show .`,
  `${program} list nope`,
  `${program} validate --help`,
]

test('words stay whole on a terminal of 40 columns, and lines in a pipe', async () => {
  const directory = await temporaryDirectory()
  await mkdir(nodePath.join(directory, 'broken'))
  const broken = '{ "docker": { "description": "x", "probe": "nothing that any probe is called" } }'
  await writeFile(nodePath.join(directory, 'broken/tool_registry.json'), broken)
  await writeFile(nodePath.join(directory, 'tool_registry.json'), '{}')
  const PATH = `${nodePath.dirname(process.execPath)}:/usr/bin:/bin`
  const terminal = await openTerminal(`env PS1='${prompt}' sh`, {
    directory,
    env: { HOME: directory, PATH, LC_ALL: 'C.UTF-8' },
  })
  await terminal.run('stty cols 40')
  const shown: string[][] = []
  for (const call of calls) shown.push(withoutEscapes(await terminal.run(call)).split('\n'))
  const long = shown.flat().filter(line => line.length > 40 && line.trim().includes(' '))
  expect(long).toEqual([])
  const [explained = []] = shown
  const piped = (await terminal.run(`${calls[0]} | cat`)).split('\n')
  expect(piped.some(line => line.length > 40)).toBe(true)
  const split = (lines: readonly string[]) => lines.flatMap(line => line.trim().split(/ +/))
  expect(split(explained)).toEqual(split(piped))
  expect(explained.length).toBeGreaterThan(piped.length)
}, 60_000)
