import { renewWords } from '../completion/word-cache.ts'
import { keepHomeScript } from '../env/cache/keep-scripts.ts'
import { saveSyncMark } from '../env/cache/last-sync.ts'
import { describeQuestion, renderQuestion } from '../env/cache/question.ts'
import type { HomeFindings } from '../env/home-findings.ts'
import { askQuestion } from '../env/pending-answer.ts'
import type { Host } from '../platform/host.ts'
import type { RegistryHome } from '../registry/home/home.ts'
import type { SyncOptions } from './sync-options.ts'

/** Keeps what a sync found for whoever asks the same question later. */
export interface SyncMemory {
  /** After what was found, and nothing else, has been written into the home. */
  keep(found: SyncFindings): Promise<void>
  /** When the home could not be written, or another one wrote into it meanwhile: shells can be told all the same. */
  keepAnswer(found: SyncFindings): Promise<void>
}

export interface SyncFindings extends HomeFindings {
  /** Whether everything was looked for that can be: a part is no answer. */
  readonly isWhole: boolean
}

/**
 * Asks the question that a sync answers, before the looking begins. An interpreter that was named for this one call
 * makes it another question, which nobody else asks. Caches only cost time when they are not kept.
 */
export async function prepareMemory(
  home: RegistryHome,
  options: SyncOptions,
  host: Host,
): Promise<SyncMemory> {
  const { configFile, python, timeoutMs, isPlain } = options
  const place = { home: home.directory, configFile }
  const pending = await askQuestion({ ...place, python, timeoutMs, isPlain }, host)
  const asked = renderQuestion(place, pending.question.look, host)
  const isQuick = options.mode === 'quick'
  return {
    keep: async found => {
      if (found.isWhole) await pending.answer(found, { isQuick, isWritten: true })
      const { text, look } = await describeQuestion(place, host)
      if (text !== asked) return
      await keepHomeScript(home.directory, look, host).catch(() => undefined)
      await renewWords(home.directory, pending.question.look.definitions.files, host)
      const { files } = look.definitions
      const mark = { home: home.directory, question: text, searchPath: host.env.PATH, files, python }
      if (found.isWhole) await saveSyncMark(mark, host).catch(() => undefined)
    },
    keepAnswer: async found => {
      if (found.isWhole) await pending.answer(found, { isQuick, isWritten: false })
    },
  }
}
