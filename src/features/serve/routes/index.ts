import type { Route } from '../route.ts'
import { docs } from './docs.ts'
import { docsStylesheet } from './docs-stylesheet.ts'
import { entry } from './entry.ts'
import { envRoutes } from './env.ts'
import { explain } from './explain.ts'
import { graphRoutes } from './graph.ts'
import { health } from './health.ts'
import { openApi } from './open-api.ts'
import { query } from './query.ts'
import { registryFile } from './registry-file.ts'
import { registryHealth } from './registry-health.ts'
import { start } from './start.ts'

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
  start,
  openApi,
  docs,
  docsStylesheet,
]
