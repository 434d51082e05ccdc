import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { createProgramFinder } from '../../src/detection/programs/program-finder.ts'
import { createInstaller, findManagedPythons } from '../../src/readiness/packages.ts'
import type { Detected } from '../../src/registry/schema/detected.ts'
import { writeScript } from '../support/processes/script.ts'
import { createTestHost } from '../support/test-host.ts'

async function createPythons() {
  const host = await createTestHost()
  const { directory } = host
  await mkdir(`${directory}/usr/lib/python3.11`, { recursive: true })
  await writeFile(`${directory}/usr/lib/python3.11/EXTERNALLY-MANAGED`, '')
  await writeScript(`${directory}/usr/bin/python3.11`, 'exit 0')
  await mkdir(`${directory}/venv/bin`, { recursive: true })
  await writeFile(`${directory}/venv/pyvenv.cfg`, '')
  await symlink(`${directory}/usr/bin/python3.11`, `${directory}/venv/bin/python`)
  await symlink(`${directory}/usr/bin/python3.11`, `${directory}/python3`)
  return { host }
}

function detectedBy(interpreter: string, version: string): Detected {
  const nothing = { path: null, version: null, evidence: null, reason: 'not installed' }
  const details = { interpreter, python_version: version }
  return { ...nothing, status: 'absent', checked_at: '2026-11-23T08:42:55.000Z', details }
}

describe('an interpreter', () => {
  test.each([
    ['of the system is managed by it', 'usr/bin/python3.11', '3.11.2', true],
    ['is managed under another name too', 'python3', '3.11.2', true],
    ['of another version is not', 'usr/bin/python3.11', '3.12.1', false],
    ['of a virtual environment is its own', 'venv/bin/python', '3.11.2', false],
    ['that is not there is not', 'nowhere/python', '3.11.2', false],
  ])('%s', async (_, name, version, isManaged) => {
    const { host } = await createPythons()
    const interpreter = `${host.directory}/${name}`
    const managed = await findManagedPythons([detectedBy(interpreter, version)], host)
    expect([...managed]).toEqual(isManaged ? [interpreter] : [])
  })
})

describe('a library', () => {
  const packages = { apt: 'python3-torch', pip: 'torch' }
  const system = '/usr/bin/python3'
  test.each([
    ['is installed by pip', system, false, 'new', '/usr/bin/python3 -m pip install torch'],
    ['is made newer by pip', system, false, 'newer', '/usr/bin/python3 -m pip install --upgrade torch'],
    ['is fixed by pip', system, false, 'again', '/usr/bin/python3 -m pip install --force-reinstall torch'],
    ['is installed by the system where pip refuses', system, true, 'new', 'apt install python3-torch'],
    [
      'is installed beside what the system does not manage as its own',
      '/opt/python',
      true,
      'new',
      '/opt/python -m venv .venv && . .venv/bin/activate && pip install torch',
    ],
  ] as const)('%s', async (_, path, isManaged, purpose, command) => {
    const place = await createTestHost()
    await writeScript(`${place.directory}/bin/apt-get`, 'exit 0')
    const host = { ...place, env: { ...place.env, PATH: `${place.directory}/bin` }, uid: 0 }
    const installer = await createInstaller(createProgramFinder(host), host)
    expect(installer.installFramework(packages, { path, isManaged }, purpose)).toBe(command)
  })
})
