import { randomInt } from 'node:crypto'
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { processesWith } from '../../test/support/processes/processes.ts'
import type { Benchmark, Contender } from '../benchmark.ts'
import { runCommand } from '../run-command.ts'
import { createSandbox, launcher, type Sandbox } from '../sandbox.ts'

const timeoutMs = 1000
const plain = '`sync` without them'

/** Each gets the marker as `$1`, and would run for a minute. */
const programs: Readonly<Record<string, string>> = {
  hang: 'exec sleep "60.$1"',
  fork: 'for i in 1 2 3 4 5 6 7 8; do sleep "60.$1" & setsid sleep "60.$1" & done; wait',
  flood: 'exec yes "$1"',
  stubborn: 'trap "" TERM INT HUP; while :; do sleep "60.$1"; done',
}

/** Four tools that run away at once, each with a deadline of a second. */
export const runaways: Benchmark = {
  name: 'runaways',
  what: `Four tools that hang, fork, flood or ignore SIGTERM, with \`timeout_ms\` ${timeoutMs}`,
  runs: 5,
  warmUps: 1,
  prepare: async calm => {
    if (process.platform !== 'linux') {
      return { contenders: [], skipped: ['Processes are counted in /proc, which only Linux has: skipped'] }
    }
    const marker = String(randomInt(2 ** 47))
    const wild = await createSandbox(path.join(calm.directory, 'wild'))
    await addRunaways(wild, marker)
    const env = { ...wild.env, PATH: [await writePrograms(wild), wild.env.PATH].join(path.delimiter) }
    for (const sandbox of [calm, wild]) runCommand([launcher, 'sync'], { ...sandbox, env })
    return {
      contenders: [
        createCalm({ ...calm, env: { ...calm.env, PATH: env.PATH } }),
        createWild({ ...wild, env }, marker),
      ],
    }
  },
}

function createCalm(sandbox: Sandbox): Contender {
  return {
    quantities: [{ label: plain, unit: 'ms' }],
    run: async () => [runCommand([launcher, 'sync'], sandbox).ms],
  }
}

function createWild(sandbox: Sandbox, marker: string): Contender {
  return {
    quantities: [
      {
        label: '`sync` with them',
        unit: 'ms',
        comparisons: [{ kind: 'more-than', of: plain, atMost: timeoutMs + 300 }],
      },
      {
        label: 'Processes left when it has ended',
        unit: 'processes',
        comparisons: [{ kind: 'absolute', atMost: 0 }],
      },
    ],
    run: async () => {
      const { ms } = runCommand([launcher, 'sync'], sandbox)
      return [ms, processesWith(marker).length]
    },
  }
}

async function addRunaways({ home }: Sandbox, marker: string): Promise<void> {
  const file = path.join(home, 'tool_registry.json')
  const shipped = JSON.parse(await readFile(file, 'utf8'))
  const added = Object.keys(programs).map(name => [
    `runaway-${name}`,
    {
      detection: `runaway-${name} ${marker}`,
      env_var: `NEXUS_HAS_RUNAWAY_${name.toUpperCase()}`,
      timeout_ms: timeoutMs,
    },
  ])
  await writeFile(file, JSON.stringify({ ...shipped, ...Object.fromEntries(added) }, null, 2))
}

async function writePrograms({ directory }: Sandbox): Promise<string> {
  const place = path.join(directory, 'bin')
  await mkdir(place)
  for (const [name, script] of Object.entries(programs)) {
    await writeFile(path.join(place, `runaway-${name}`), `#!/bin/sh\n${script}\n`)
    await chmod(path.join(place, `runaway-${name}`), 0o755)
  }
  return place
}
