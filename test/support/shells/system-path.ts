import nodePath from 'node:path'

/** A `PATH` with the programs of this machine, but for those that take seconds to say their version. */
export const systemPath = `${nodePath.resolve('test/support/quick-programs')}:/usr/local/bin:/usr/bin:/bin`
