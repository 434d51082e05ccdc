import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import nodePath from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import type { SyncReport } from '../../src/detection/report.ts'
import { loadShipped } from '../registries/shipped-files.ts'
import { runProgram } from '../support/processes/run-program.ts'

// What is said of this machine, whichever it is, is held against what its own tools say of it.
const { tools, ml_frameworks: frameworks } = loadShipped()
const ask = (file: string, ...args: string[]) => spawnSync(file, args, { encoding: 'utf8', cwd: tmpdir() })
const inShell = (command: string) => ask('sh', '-c', command)
const interpreter = inShell(
  'python -c "import sys; print(sys.executable)" || python3 -c "import sys; print(sys.executable)"',
).stdout.trim()
const found: { report?: SyncReport } = {}

beforeAll(async () => {
  const directory = mkdtempSync(nodePath.join(tmpdir(), 'nexus-registry-test-'))
  const { stdout } = await runProgram(['sync', '--json', '--timeout', '60'], {
    directory,
    cwd: tmpdir(),
    env: { ...process.env, HOME: directory },
  })
  found.report = JSON.parse(stdout)
  return () => rmSync(directory, { recursive: true })
}, 300_000)

const searched = Object.entries(tools).flatMap(([id, { detection }]) => {
  const program = /^which (\S+)$/.exec(detection)?.[1]
  return program === undefined ? [] : [{ id, program }]
})

describe('a sync of this machine agrees with', () => {
  test.each(searched)('`command -v $program`, and the version manager, on $id', ({ id, program }) => {
    const detected = found.report?.detections.tools[id]
    const path = inShell(`command -v ${program}`).stdout.trim()
    expect(detected?.path).toBe(path || null)
    const isShim = path.includes('/.pyenv/shims/')
    const isWorking = path !== '' && (!isShim || ask('pyenv', 'which', program).status === 0)
    const broken = path === '' ? 'absent' : 'broken'
    expect(detected?.status).toBe(isWorking ? 'present' : broken)
  })

  test('the kernel’s device files on gpu and tpu', () => {
    const devices = readdirSync('/dev')
    const hasGpu = devices.some(name => /^nvidia\d|^kfd$|^dri$/.test(name))
    const hasTpu = devices.some(name => /^accel\d|^apex_\d/.test(name)) || existsSync('/dev/vfio/0')
    expect(found.report?.detections.tools.gpu?.status).toBe(hasGpu ? 'present' : 'absent')
    expect(found.report?.detections.tools.tpu?.status).toBe(hasTpu ? 'present' : 'absent')
  })

  test.each(Object.entries(frameworks))(
    'the interpreter’s own import on %s',
    (id, { import_name: module }) => {
      const detected = found.report?.detections.ml_frameworks[id]
      expect(detected?.details?.interpreter).toBe(interpreter)
      const { status } = ask(interpreter, '-c', `import ${module}`)
      const spec = `import importlib.util as u, sys; sys.exit(u.find_spec('${module}') is None)`
      const isThere = status === 0 || ask(interpreter, '-c', spec).status === 0
      const failed = isThere ? 'broken' : 'absent'
      expect(detected?.status).toBe(status === 0 ? 'present' : failed)
    },
  )

  test('what each tool itself prints as its version', () => {
    for (const [id, { status, version, details }] of Object.entries(found.report?.detections.tools ?? {})) {
      if (status !== 'present' || version === null) continue
      const command = tools[id]?.version_check ?? ''
      const printed = inShell(`CHECKPOINT_DISABLE=1 ${command} 2>&1`).stdout
      expect(printed, id).toContain(version)
      expect(printed, id).toContain(details?.version_raw)
    }
  })
})
