import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import nodePath from 'node:path'
import { sharedCodeVariable } from './processes/compiled-code.ts'

/** The end-to-end tests run what users run: the built program. All projects share one build. */
export default function setup(): (() => void) | undefined {
  if (process.env[sharedCodeVariable] !== undefined) return undefined
  execFileSync(process.execPath, ['--import', 'tsx', 'scripts/build.ts'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const directory = mkdtempSync(nodePath.join(tmpdir(), 'nexus-registry-compiled-'))
  process.env[sharedCodeVariable] = directory
  return () => rmSync(directory, { recursive: true, force: true })
}
