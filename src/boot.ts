import { runCached } from './platform/node/run-cached.ts'

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)

// By exit codes from 100 on the launcher knows that this program has run, and not only Node; 99: it has said why not.
const isLaunched = process.env.NEXUS_REGISTRY_LAUNCHED !== undefined
delete process.env.NEXUS_REGISTRY_LAUNCHED

if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(
    `error: nexus-registry needs Node 20.19 or newer, this is ${process.versions.node}\nhint: put a newer node first on PATH\n`,
  )
  process.exitCode = isLaunched ? 99 : 2
} else {
  if (isLaunched) {
    process.on('exit', code => {
      process.exitCode = 100 + code
    })
  }
  runCached('app.cjs')
}
