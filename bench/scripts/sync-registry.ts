import { createHost } from '../../src/platform/node/create-host.ts'
import { sync } from '../../src/sync/sync.ts'
import type { Times } from './print-times.ts'

// Syncs the models of the home `argv[2]` with their upstream on loopback again and again, as the daemon does, and
// prints how long each poll took.

const [, , directory = ''] = process.argv
const host = createHost({ interrupted: new AbortController().signal })
const network = { allowPrivate: ['localhost'], upstreams: {} }
const times: number[] = []

for (let index = 0; index < 50; index++) {
  const options = { mode: 'normal', isForced: false, isDryRun: false, only: ['models'], network } as const
  const { report } = await sync({ directory, origin: 'flag' }, options, host)
  const { status, warnings, duration_ms } = report.registries.models
  if (status !== 'ok') throw new Error(`the models are ${status}: ${warnings.join(', ')}`)
  times.push(duration_ms)
}

console.log(JSON.stringify(times satisfies Times))
