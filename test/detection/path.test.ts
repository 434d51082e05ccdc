import { mkdir, symlink } from 'node:fs/promises'
import nodePath from 'node:path'
import { describe, expect, test } from 'vitest'
import { pathProbe } from '../../src/detection/path.ts'
import { createBench } from '../support/bench.ts'
import { createTarget } from '../support/probe-context.ts'
import { writeScript } from '../support/processes/script.ts'
import { temporaryDirectory } from '../support/test-host.ts'

describe('a program on PATH', () => {
  test('is present, with its path and version', async () => {
    const { bin, context, install } = await createBench()
    await install('tool', 'echo "tool 1.2.3 (x86)"')
    const target = createTarget({ program: 'tool', versionCheck: ['tool', '--version'] })
    expect(await pathProbe.detect(target, context)).toEqual({
      status: 'present',
      path: nodePath.join(bin, 'tool'),
      version: '1.2.3',
      evidence: 'path',
      reason: null,
      details: { version_raw: 'tool 1.2.3 (x86)' },
    })
  })

  test('whose version does not come in time is present all the same', async () => {
    const { context, install } = await createBench()
    await install('tool', 'sleep 60')
    const target = createTarget({ program: 'tool', versionCheck: ['tool'], timeoutMs: 300 })
    expect(await pathProbe.detect(target, context)).toMatchObject({
      status: 'present',
      version: null,
      reason: 'its version could not be read within 0.3 s',
    })
  })

  test('that is nowhere is absent, and a sentence says so', async () => {
    const { context } = await createBench()
    expect(await pathProbe.detect(createTarget({ program: 'no-such-tool' }), context)).toEqual({
      status: 'absent',
      path: null,
      version: null,
      evidence: null,
      reason: 'no-such-tool was not found on PATH',
    })
  })

  test('that was passed over is absent, and says why', async () => {
    const { bin, context } = await createBench()
    await mkdir(nodePath.join(bin, 'tool'), { recursive: true })
    expect(await pathProbe.detect(createTarget({ program: 'tool' }), context)).toMatchObject({
      status: 'absent',
      reason: `tool was not found on PATH; ${nodePath.join(bin, 'tool')} was passed over: it is a directory`,
    })
  })

  test('in several places lists the others', async () => {
    const directory = await temporaryDirectory()
    const path = ['one', 'two', 'three'].map(name => nodePath.join(directory, name))
    const [first, ...others] = await Promise.all(path.map(at => writeScript(nodePath.join(at, 'tool'), '')))
    const { context } = await createBench({ path })
    expect(await pathProbe.detect(createTarget({ program: 'tool' }), context)).toMatchObject({
      path: first,
      details: { others },
    })
  })
})

describe("a version manager's shim", () => {
  async function layOutPyenv(name: string): Promise<{ root: string; shim: string; shims: string }> {
    const root = nodePath.join(await temporaryDirectory(), '.pyenv')
    const shims = nodePath.join(root, 'shims')
    const script = `exec "${root}/libexec/pyenv" exec "$program" "$@"`
    return { root, shims, shim: await writeScript(nodePath.join(shims, name), script) }
  }

  test('is present by what it leads to', async () => {
    const { root, shim, shims } = await layOutPyenv('aws')
    const target = await writeScript(nodePath.join(root, 'versions/3.11.7/bin/aws'), 'echo aws-cli/1.45.11')
    const { context } = await createBench({ path: [shims], env: { PYENV_VERSION: '3.11.7' } })
    const probed = createTarget({ program: 'aws', versionCheck: ['aws', '--version'] })
    expect(await pathProbe.detect(probed, context)).toEqual({
      status: 'present',
      path: shim,
      version: '1.45.11',
      evidence: 'shim',
      reason: null,
      details: { version_raw: 'aws-cli/1.45.11', manager: 'pyenv', target },
    })
  })

  test('with nothing behind it is broken', async () => {
    const { root, shim, shims } = await layOutPyenv('kubectl')
    await mkdir(nodePath.join(root, 'versions/3.11.7/bin'), { recursive: true })
    await writeScript(nodePath.join(root, 'versions/3.12.1/bin/kubectl'), '')
    const { context } = await createBench({ path: [shims], env: { PYENV_VERSION: '3.11.7' } })
    expect(await pathProbe.detect(createTarget({ program: 'kubectl' }), context)).toEqual({
      status: 'broken',
      path: shim,
      version: null,
      evidence: 'shim',
      reason: 'pyenv: kubectl: command not found in 3.11.7; these versions have it: 3.12.1',
      details: { manager: 'pyenv' },
    })
  })
})

describe('docker', () => {
  const target = createTarget({ id: 'docker', program: 'docker', versionCheck: ['docker', '--version'] })
  // What the client of Docker 28 prints.
  const client = 'test "$1" = --version && echo "Docker version 28.2.2, build e6534b4" && exit'
  const refused =
    'echo "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?" >&2; exit 1'

  test('without an engine is present, and the engine is not queried', async () => {
    const { context, install } = await createBench()
    await install('docker', `${client}\n${refused}`)
    const finding = await pathProbe.detect(target, context)
    expect(finding).toMatchObject({ status: 'present', version: '28.2.2', details: { provider: 'docker' } })
    expect(finding.details).not.toHaveProperty('engine')
  })

  test('is queried for its engine in a deep sync: unreachable at an address, never stopped', async () => {
    const { context, install } = await createBench({}, { mode: 'deep' })
    await install('docker', `${client}\n${refused}`)
    expect((await pathProbe.detect(target, context)).details?.engine).toEqual({
      reachable: false,
      address: 'unix:///var/run/docker.sock',
      version: null,
      reason: 'unreachable at unix:///var/run/docker.sock',
    })
  })

  test('with an engine says its version', async () => {
    const { context, install } = await createBench({}, { mode: 'deep' })
    await install('docker', `${client}\ntest "$*" = "version --format {{.Server.Version}}" && echo 28.1.0`)
    expect((await pathProbe.detect(target, context)).details?.engine).toMatchObject({
      reachable: true,
      version: '28.1.0',
    })
  })

  test('with an engine that does not answer costs its deadline', async () => {
    const { context, install } = await createBench({ env: { DOCKER_HOST: 'ssh://box' } }, { mode: 'deep' })
    await install('docker', `${client}\nsleep 60`)
    const finding = await pathProbe.detect({ ...target, timeoutMs: 400 }, context)
    expect(finding).toMatchObject({
      status: 'present',
      details: { engine: { reachable: false, reason: 'unreachable at ssh://box within 0.4 s' } },
    })
  })

  test('that is not trusted is not queried for its engine', async () => {
    const { context, install } = await createBench({}, { mode: 'deep' })
    await install('docker', `${client}\necho 28.1.0`)
    const finding = await pathProbe.detect({ ...target, isTrusted: false }, context)
    expect(finding.details).not.toHaveProperty('engine')
  })

  test.each(['quick', 'normal'] as const)('that is podman by a link, in a %s sync', async mode => {
    const { bin, context, install } = await createBench({}, { mode })
    await symlink(await install('podman', 'echo "podman version 4.3.1"'), nodePath.join(bin, 'docker'))
    expect(await pathProbe.detect(target, context)).toMatchObject({
      status: 'present',
      details: { provider: 'podman' },
    })
  })

  test('that is podman by the script of podman-docker', async () => {
    const { context, install } = await createBench({}, { mode: 'quick' })
    await install(
      'docker',
      '[ -e /etc/containers/nodocker ] || echo "Emulate Docker CLI using podman." >&2\nexec /usr/bin/podman "$@"',
    )
    expect((await pathProbe.detect(target, context)).details?.provider).toBe('podman')
  })

  test('that is podman by its own word', async () => {
    const { context, install } = await createBench()
    await install('docker', 'echo "podman version 4.3.1"')
    expect(await pathProbe.detect(target, context)).toMatchObject({
      version: '4.3.1',
      details: { provider: 'podman' },
    })
  })
})
