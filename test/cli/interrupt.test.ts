import { chmod, readFile, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { collect, type ProgramRun, runProgram, startProgram } from '../support/processes/run-program.ts'
import { systemPath } from '../support/shells/system-path.ts'
import { temporaryDirectory } from '../support/test-host.ts'

/** A sync that is busy with a command of ten minutes. */
async function startBusySync() {
  const directory = await temporaryDirectory()
  const started = nodePath.join(directory, 'started')
  await runProgram(['init', 'home'], { directory })
  const file = nodePath.join(directory, 'home/tool_registry.json')
  const tools = JSON.parse(await readFile(file, 'utf8'))
  tools.slow = { detection: 'slow --ten-minutes', env_var: 'NEXUS_HAS_SLOW', timeout_ms: 600_000 }
  await writeFile(file, `${JSON.stringify(tools, null, 2)}\n`)
  const program = nodePath.join(directory, 'slow')
  await writeFile(
    program,
    `#!/bin/sh\necho $$ > ${started}.new && mv ${started}.new ${started}\nexec sleep 600\n`,
  )
  await chmod(program, 0o755)
  await runProgram(['trust', 'home'], { directory })
  const before = await readFile(file, 'utf8')
  const env = { PATH: `${directory}:${systemPath}` }
  const child = startProgram(['sync', '--home', 'home'], { directory, env })
  const ended = collect(child)
  const pid = Number(await waitForText(started, ended))
  return { child, ended, pid, file, before }
}

async function waitForText(path: string, ended: Promise<ProgramRun>): Promise<string> {
  const tooEarly = ended.then(run => {
    throw new Error(`it ended before the command was started: ${JSON.stringify(run)}`)
  })
  for (;;) {
    const text = await readFile(path, 'utf8').catch(() => undefined)
    if (text !== undefined) return text
    await Promise.race([delay(20), tooEarly])
  }
}

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s ends it in order', async signal => {
  const { child, ended, pid, file, before } = await startBusySync()
  child.kill(signal)
  const { code, stderr } = await ended
  expect(code).toBe(130)
  expect(stderr).toContain(`Interrupted by ${signal}\n`)
  expect(await readFile(file, 'utf8')).toBe(before)
  expect(() => process.kill(pid, 0)).toThrow('ESRCH')
})
