import type { Check } from '../check.ts'
import { configCheck } from './config.ts'
import { directoriesCheck } from './directories.ts'
import { homeCheck } from './home.ts'
import { installationCheck } from './installation.ts'
import { lockCheck } from './lock.ts'
import { pathCheck } from './path.ts'
import { pythonCheck } from './python.ts'
import { shellCheck } from './shell.ts'
import { syncCheck } from './sync.ts'
import { tokensCheck } from './tokens.ts'

/** All checks, in the order of the output. */
export const checks: readonly Check[] = [
  installationCheck,
  configCheck,
  homeCheck,
  syncCheck,
  lockCheck,
  tokensCheck,
  directoriesCheck,
  pythonCheck,
  pathCheck,
  shellCheck,
]
