import { mkdir, readFile, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { describe, expect, test } from 'vitest'
import { type DetectRequest, detect } from '../../src/detection/detect.ts'
import type { Detectable } from '../../src/detection/detectables.ts'
import { openProbeCache } from '../../src/detection/probe-cache.ts'
import { createMemoryCache } from '../support/probe-context.ts'
import { writeScript } from '../support/processes/script.ts'
import { createTestHost, type TestHost } from '../support/test-host.ts'

const tool = (id: string, entry: Partial<Detectable['entry']> = {}): Detectable => ({
  registry: 'tools',
  id,
  entry: { detection: `which ${id}`, env_var: 'NEXUS_HAS_TOOL', ...entry },
})

/** Runs a detection on a machine whose PATH has these scripts. */
async function createMachine(scripts: Record<string, string>) {
  const host = await createTestHost()
  const bin = nodePath.join(host.directory, 'bin')
  await mkdir(bin)
  for (const [name, script] of Object.entries(scripts)) await writeScript(nodePath.join(bin, name), script)
  Object.assign(host.env, { PATH: `${bin}:/usr/bin:/bin` })
  const look = (request: Partial<DetectRequest>, on: TestHost = host) =>
    detect({ entries: [], mode: 'normal', cache: createMemoryCache(), isTrusted: true, ...request }, on)
  return { host, look }
}

describe('a detection', () => {
  test('starts what took longest first, and answers in the order of the entries', async () => {
    const { host, look } = await createMachine({
      quick: 'echo quick >> ../log; echo 1',
      slow: 'sleep 0.2; echo 1',
    })
    const cache = await openProbeCache({ ignore: false }, host)
    const entries = ['quick', 'slow'].map(id => tool(id, { version_check: id }))
    const started: string[] = []
    const onProgress = ({ ref, state }: { ref: string; state: string }) => {
      if (state === 'started') started.push(ref)
    }
    await look({ entries, cache })
    await cache.save()
    const forced = await openProbeCache({ ignore: true }, host)
    const { detections } = await look({ entries, cache: forced, onProgress })
    expect(started).toEqual(['tools/slow', 'tools/quick'])
    expect([...detections.keys()]).toEqual(['tools/quick', 'tools/slow'])
  })

  test('has at most so many processes at once', async () => {
    const { host, look } = await createMachine({
      tool: 'log="$(dirname "$0")/log"; echo + >> "$log"; while [ "$(grep -c + "$log")" -lt 2 ]; do sleep 0.01; done; sleep 0.1; echo - >> "$log"; echo 1',
    })
    const entries = ['a', 'b', 'c', 'd', 'e'].map(id => tool(id, { detection: `tool ${id}` }))
    await look({ entries, concurrency: 2 })
    const log = (await readFile(nodePath.join(host.directory, 'bin/log'), 'utf8')).trim().split('\n')
    const running = log.map((_, index) =>
      log.slice(0, index + 1).reduce((sum, sign) => sum + Number(`${sign}1`), 0),
    )
    expect(log).toHaveLength(10)
    expect(Math.max(...running)).toBe(2)
  })

  test('reports what came from the cache: neither what ran, nor what PATH alone shows', async () => {
    const { host, look } = await createMachine({ versioned: 'echo 1', plain: '' })
    const cache = await openProbeCache({ ignore: false }, host)
    const entries = [tool('versioned', { version_check: 'versioned' }), tool('plain'), tool('nowhere')]
    const cached = async () => (await look({ entries, cache })).timings.map(timing => timing.cached)
    expect(await cached()).toEqual([false, false, false])
    expect(await cached()).toEqual([true, false, false])
  })

  test('that learns nothing new leaves the cache as it is', async () => {
    const { host, look } = await createMachine({ versioned: 'echo 1', plain: '' })
    const entries = [tool('versioned', { version_check: 'versioned' }), tool('plain'), tool('nowhere')]
    const file = nodePath.join(host.directory, 'cache/nexus-registry/probes.json')
    const inodes: number[] = []
    for (let round = 0; round < 2; round++) {
      const cache = await openProbeCache({ ignore: false }, host)
      await look({ entries, cache })
      await cache.save()
      inodes.push((await host.fs.stat(file))?.inode ?? 0)
    }
    expect(inodes[1]).toBe(inodes[0])
  })

  test('runs in an empty directory, which it removes again: files of the working directory replace nothing', async () => {
    const { host, look } = await createMachine({ tool: 'test -z "$(ls -A)" && echo "1.0 $PWD"' })
    Object.assign(host.env, { PATH: `${host.env.PATH}:${process.env.PATH}` })
    await writeFile(nodePath.join(host.cwd, 'beside.py'), '')
    const entries = [
      tool('tool', { version_check: 'tool' }),
      tool('module', { detection: "python3 -c 'import beside'" }),
    ]
    const { detections } = await look({ entries })
    const { version, details } = { ...detections.get('tools/tool') }
    expect(version).toBe('1.0')
    expect(await host.fs.stat(String(details?.version_raw).replace('1.0 ', ''))).toBe(undefined)
    expect(detections.get('tools/module')).toMatchObject({
      status: 'absent',
      reason: expect.stringContaining('is not installed for'),
    })
  })

  test('of a home that is not trusted runs what is shipped, word for word and nothing beside it', async () => {
    const { look } = await createMachine({ git: 'echo "git version 2.50.0"' })
    const shipped = { detection: 'which git', version_check: 'git --version' }
    const entries = [tool('mine', shipped), tool('own', { ...shipped, version_check: 'git --own' })]
    const { detections } = await look({ entries, isTrusted: false })
    expect([...detections.values()].map(({ version }) => version)).toEqual(['2.50.0', null])
    expect(detections.get('tools/own')?.reason).toContain('not trusted')
  })

  test('is not brought down by one entry that breaks', async () => {
    const { host, look } = await createMachine({ good: '', bad: '' })
    const run: TestHost['processes']['run'] = async request => {
      if (request.argv[0].endsWith('/bad')) throw new Error('the\u001b[31m disk\nburns')
      return host.processes.run(request)
    }
    const entries = ['bad', 'good'].map(id => tool(id, { version_check: id }))
    const { detections } = await look({ entries }, { ...host, processes: { ...host.processes, run } })
    expect([...detections.values()].map(({ status }) => status)).toEqual(['unknown', 'present'])
    expect(detections.get('tools/bad')?.reason).toContain('disk burns')
  })

  test.each(['quick', 'normal', 'deep'] as const)(
    'of a home that is not trusted runs nothing of it, %s',
    async mode => {
      const { host, look } = await createMachine({ canary: 'touch "$(dirname "$0")/touched"; echo 1' })
      const entries = [
        tool('a', { detection: 'canary --here' }),
        tool('b', { detection: 'which canary', version_check: 'canary' }),
        tool('c', { detection: 'which canary', version_check: 'canary', probe: 'kubernetes' }),
        tool('d', { detection: 'canary', probe: 'python' }),
      ]
      const { detections } = await look({ entries, mode, isTrusted: false })
      expect(await host.fs.stat(nodePath.join(host.directory, 'bin/touched'))).toBe(undefined)
      expect([...detections.values()].map(({ status }) => status)).toEqual([
        'unknown',
        'present',
        'present',
        'unknown',
      ])
    },
  )
})
