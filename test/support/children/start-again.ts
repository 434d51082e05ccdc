import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { respawnDetached } from '../../../src/platform/node/create-host.ts'

// A program that starts itself again: start-again first|again FILE. The second one notes in FILE what it is, waits until
// FILE.go is there, and notes in FILE.done that it went on.

const [mode = '', file = ''] = process.argv.slice(2)

if (mode === 'first') await respawnDetached(['again', file])
else await goOn()

async function goOn(): Promise<void> {
  process.stdout.write('output that nobody reads\n')
  process.stderr.write('output that nobody reads\n')
  writeFileSync(`${file}.new`, JSON.stringify({ pid: process.pid, session: readSession() }))
  // Whole at once, for who waits for it.
  renameSync(`${file}.new`, file)
  while (!existsSync(`${file}.go`)) await delay(10)
  writeFileSync(`${file}.done`, '')
}

// Behind the name, which may hold anything: state, parent, group, session. See proc(5).
function readSession(): number {
  const stat = readFileSync('/proc/self/stat', 'utf8')
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[3])
}
