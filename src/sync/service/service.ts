import { launchd } from './launchd.ts'
import type { ServiceManager } from './service-2.ts'
import { systemd } from './systemd.ts'

/** Service managers that `hook` knows. */
export const serviceManagers: readonly ServiceManager[] = [systemd, launchd]
