import { errorMessage } from '../../lib/errors.ts'
import type { RegistryHome } from '../../registry/home/directories.ts'
import type { CommandContext, ExitCode, RegisterCommand } from '../command-context.ts'
import { syncHome } from '../sync-home.ts'

/** What is started in the background when `env` has given an answer that is too old. Nobody sees what it prints. */
export const registerRefresh: RegisterCommand = (program, execute) => {
  program
    .command('refresh', { hidden: true })
    .description('sync, and let the next shell have the answer')
    .action(execute(refresh, { config: 'tolerant' }))
}

async function refresh(context: CommandContext): Promise<ExitCode> {
  const { host, config, globals } = context
  const [
    { findCachedExports: findAnswer, isStale },
    { describeCacheKey: describeQuestion },
    { releaseRefresh },
    { clearRefreshFailure, saveRefreshFailure },
  ] = await Promise.all([
    import('../../env/cache/cached-exports.ts'),
    import('../../env/cache/cache-key.ts'),
    import('../../env/cache/refresh.ts'),
    import('../../env/cache/refresh.ts'),
  ])
  try {
    const home = await context.home('write')
    const { python, timeoutMs } = config
    const place = { home: home.directory, configFile: globals.config }
    const { text } = await describeQuestion({ ...place, python, timeoutMs }, host)
    const known = await findAnswer(text, host)
    // A shell may have found it stale before another one's refresh was done, and claimed this one after it.
    if (!known || isStale(known, host.clock.now())) await syncAndKeepWords(home, context)
    await clearRefreshFailure(host)
    await releaseRefresh(text, host)
    return 0
  } catch (error) {
    host.interrupted.throwIfAborted()
    // What was claimed stays claimed for a while: the next shell would fail like this one.
    await saveRefreshFailure({ failedAt: host.clock.now(), reason: errorMessage(error) }, host)
    throw error
  }
}

async function syncAndKeepWords(home: RegistryHome, context: CommandContext): Promise<void> {
  const [{ loadSnapshot }, { saveWords }] = await Promise.all([
    import('../../registry/load/load-snapshot.ts'),
    import('../../completion/word-cache.ts'),
  ])
  const { host } = context
  await syncHome(home, context)
  await saveWords(home, await loadSnapshot(home.directory, host), host)
}
