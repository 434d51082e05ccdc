import { execFileSync } from 'node:child_process'

/** The end-to-end tests run what users run: the built program. */
export default function setup(): void {
  execFileSync(process.execPath, ['--import', 'tsx', 'scripts/build.ts'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}
