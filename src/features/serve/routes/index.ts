import type { Route } from '../route.ts'
import { entry } from './entry.ts'
import { envRoutes } from './env.ts'
import { explain } from './explain.ts'
import { graphRoutes } from './graph.ts'
import { health } from './health.ts'
import { query } from './query.ts'
import { registryFile } from './registry-file.ts'
import { registryHealth } from './registry-health.ts'

/** All that the server answers. */
export const routes: readonly Route[] = [
  health,
  registryHealth,
  registryFile,
  entry,
  query,
  explain,
  ...graphRoutes,
  ...envRoutes,
]
