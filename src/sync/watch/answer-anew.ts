import { saveWords } from '../../completion/save-words.ts'
import { askQuestion } from '../../env/pending-answer.ts'
import type { Host } from '../../platform/host.ts'
import type { RegistryHome } from '../../registry/home/home.ts'
import { loadSnapshot } from '../../registry/load/load-snapshot.ts'
import { detectHome } from '../detect-home.ts'
import type { SyncOptions } from '../sync-options.ts'

/**
 * Renders anew what shells read of a home that was edited, after a quick look: no tool is started, and nothing is
 * written into the home. The sync that follows does both.
 */
export async function answerAnew(home: RegistryHome, options: SyncOptions, host: Host): Promise<void> {
  const { configFile, python, timeoutMs, isPlain } = options
  const question = { home: home.directory, configFile, python, timeoutMs, isPlain }
  const pending = await askQuestion(question, host)
  const snapshot = await loadSnapshot(home.directory, host)
  const look = { ...options, only: undefined, mode: 'quick', isForced: false } as const
  const { detections } = await detectHome(home, snapshot, look, host)
  await pending.answer({ snapshot, detections }, { isQuick: true, isWritten: false })
  await saveWords(home, snapshot, host)
}
