// `npm install -g` of a git address, which pre-commit calls, prepares the clone without what the build needs.
import { execSync } from 'node:child_process'
import { existsSync } from 'node:fs'

const run = command => execSync(command, { stdio: 'inherit' })
if (!existsSync('node_modules/.bin/tsx')) {
  run('npm ci --no-global --include=dev --ignore-scripts --no-audit --no-fund')
}
run('npm run --silent build -- --clean')
