import type { Route } from '../route.ts'
import { deleteEntry } from './delete-entry.ts'
import { entry } from './entry.ts'
import { health } from './health.ts'
import { patchEntry } from './patch-entry.ts'
import { putEntry } from './put-entry.ts'
import { putRegistry } from './put-registry.ts'
import { registryFile } from './registry-file.ts'
import { registryHealth } from './registry-health.ts'

/** All that the server answers. */
export const routes: readonly Route[] = [
  health,
  registryHealth,
  registryFile,
  putRegistry,
  entry,
  putEntry,
  patchEntry,
  deleteEntry,
]
