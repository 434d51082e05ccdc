import { errorMessage } from '../../lib/errors.ts'
import type { RegistryHome } from '../../registry/home/directories.ts'
import type { CommandContext, ExitCode, RegisterCommand } from '../command-context.ts'
import { syncHome } from '../sync-home.ts'

/** `env` starts it in the background after it printed stale exports. Nobody sees its output. */
export const registerRefresh: RegisterCommand = (program, execute) => {
  program
    .command('refresh', { hidden: true })
    .description('Sync, and cache the exports for the next shell')
    .action(execute(refresh, { config: 'tolerant' }))
}

async function refresh(context: CommandContext): Promise<ExitCode> {
  const { host, config, globals } = context
  const [
    { findCachedExports, isStale },
    { describeCacheKey },
    { releaseRefresh, clearRefreshFailure, saveRefreshFailure },
  ] = await Promise.all([
    import('../../env/cache/cached-exports.ts'),
    import('../../env/cache/cache-key.ts'),
    import('../../env/cache/refresh.ts'),
  ])
  try {
    const home = await context.home('write')
    const { python, timeoutMs } = config
    const place = { home: home.directory, configFile: globals.config }
    const { text } = await describeCacheKey({ ...place, python, timeoutMs }, host)
    const cached = await findCachedExports(text, host)
    // Another refresh may have finished between the check of the shell and the claim of this one.
    if (!cached || isStale(cached, host.clock.now())) await syncAndKeepWords(home, context)
    await clearRefreshFailure(host)
    await releaseRefresh(text, host)
    return 0
  } catch (error) {
    host.interrupted.throwIfAborted()
    // The claim stays for a while: a refresh by the next shell would fail too.
    await saveRefreshFailure({ failedAt: host.clock.now(), reason: errorMessage(error) }, host)
    throw error
  }
}

async function syncAndKeepWords(home: RegistryHome, context: CommandContext): Promise<void> {
  const [{ loadSnapshot }, { saveWords }] = await Promise.all([
    import('../../registry/load/load-snapshot.ts'),
    import('../../completion/words.ts'),
  ])
  const { host } = context
  await syncHome(home, context)
  await saveWords(home, await loadSnapshot(home.directory, host), host)
}
