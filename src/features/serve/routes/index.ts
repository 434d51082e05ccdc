import type { Route } from '../route.ts'
import { entry } from './entry.ts'
import { events } from './events.ts'
import { health } from './health.ts'
import { metrics } from './metrics.ts'
import { providerHealth } from './provider-health.ts'
import { registryFile } from './registry-file.ts'
import { registryHealth } from './registry-health.ts'

/** All that the server answers. */
export const routes: readonly Route[] = [
  health,
  registryHealth,
  registryFile,
  entry,
  events,
  metrics,
  providerHealth,
]
