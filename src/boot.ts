import { runCached } from './host/run-cached.ts'

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)

if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(
    `error: nexus-registry needs Node 20.19 or newer, this is ${process.versions.node}\nhint: put a newer node first on PATH\n`,
  )
  process.exitCode = 2
} else runCached('app.cjs')
