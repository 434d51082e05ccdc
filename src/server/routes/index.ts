import type { Route } from '../route.ts'
import { assets } from './assets.ts'
import { changes } from './changes.ts'
import { dashboard, dashboardModels } from './dashboard.ts'
import { deleteEntry } from './delete-entry.ts'
import { docs } from './docs.ts'
import { docsStylesheet } from './docs-stylesheet.ts'
import { entry } from './entry.ts'
import { envRoutes } from './env.ts'
import { events } from './events.ts'
import { explainRoute } from './explain.ts'
import { graphRoutes } from './graph.ts'
import { health } from './health.ts'
import { metrics } from './metrics.ts'
import { openApi } from './open-api.ts'
import { patchEntry } from './patch-entry.ts'
import { providerHealth } from './provider-health.ts'
import { putEntry } from './put-entry.ts'
import { putRegistry } from './put-registry.ts'
import { query } from './query.ts'
import { registryFile } from './registry-file.ts'
import { registryHealth } from './registry-health.ts'
import { sessionRoutes } from './session.ts'
import { start } from './start.ts'

/** All routes of the server. */
export const routes: readonly Route[] = [
  health,
  registryHealth,
  registryFile,
  putRegistry,
  entry,
  putEntry,
  patchEntry,
  deleteEntry,
  query,
  explainRoute,
  ...graphRoutes,
  ...envRoutes,
  start,
  dashboard,
  dashboardModels,
  assets,
  openApi,
  docs,
  docsStylesheet,
  ...sessionRoutes,
  events,
  changes,
  metrics,
  providerHealth,
]
