import { run } from './cli/run.ts'
import { createHost } from './host/create-host.ts'
import { guardOutput } from './host/guard-output.ts'
import { listenForInterrupt } from './host/listen-for-interrupt.ts'

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)

if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(
    `error: nexus-registry needs Node 20.19 or newer, this is ${process.versions.node}\nhint: put a newer node first on PATH\n`,
  )
  process.exitCode = 2
} else {
  guardOutput()
  process.exitCode = await run(process.argv.slice(2), createHost({ interrupted: listenForInterrupt() }))
}
