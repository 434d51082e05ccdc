import type { RegistryHome } from '../../core/home.ts'
import type { Host } from '../../core/host.ts'
import { detectedRegistryNames } from '../../schema/names.ts'
import { saveSyncMark } from '../../store/last-sync.ts'
import { afterOwnWrites, describeQuestion, renderQuestion } from '../../store/question.ts'
import { askQuestion, type HomeFindings } from '../env/pending-answer.ts'
import type { SyncOptions } from './sync-options.ts'

/** Keeps what a sync found for whoever asks the same question later. */
export interface SyncMemory {
  keep(found: HomeFindings): Promise<void>
}

/**
 * Asks the question that a sync answers, before the looking begins. An interpreter that was named for this one call
 * makes it another question, which nobody else asks: then nothing is kept. Caches only cost time when they are not kept.
 */
export async function prepareMemory(
  home: RegistryHome,
  options: SyncOptions,
  host: Host,
): Promise<SyncMemory> {
  const place = { home: home.directory, configFile: options.configFile }
  const { python, timeoutMs } = options
  const [pending, before] = await Promise.all([
    askQuestion({ ...place, python, timeoutMs }, host),
    describeQuestion(place, host),
  ])
  return {
    keep: async found => {
      if (options.only !== undefined) return
      const isQuick = options.mode === 'quick'
      await pending.answer(found, { isQuick, written: detectedRegistryNames })
      const now = afterOwnWrites(before, await describeQuestion(place, host), detectedRegistryNames)
      if (now === undefined) return
      const mark = { home: home.directory, question: renderQuestion(now), python }
      await saveSyncMark(mark, host).catch(() => undefined)
    },
  }
}
