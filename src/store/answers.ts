import type { Host } from '../core/host.ts'
import type { Answer } from './answer.ts'
import { parseAnswer, renderAnswer } from './answer-text.ts'
import { cacheDirectory } from './directories.ts'
import { readPrivateFile, writePrivateFile } from './private-file.ts'

/** Most answers kept: terminals and virtual environments in use at the same time. */
export const keptAnswers = 16

/** Largest answer that is read, in bytes. */
const answerBytes = 1024 * 1024

/** A file of a writer that was killed is swept when it is older than this. */
const leftoverAgeMs = 60_000

type ReadHost = Pick<Host, 'env' | 'userHome' | 'uid' | 'path' | 'fs' | 'clock' | 'sha256'>
type WriteHost = ReadHost & Pick<Host, 'randomName'>

/** The answer to this very question; undefined when there is none, or it cannot be read or believed. */
export async function findAnswer(question: string, host: ReadHost): Promise<Answer | undefined> {
  const directory = answersDirectory(host)
  if (directory === undefined) return undefined
  const answer = await readAnswer(host.path.join(directory, fileName(question, host)), host)
  return answer?.question === question ? answer : undefined
}

/** Too old, or from a clock that was ahead. */
export function isStale(answer: Answer, now: number): boolean {
  const age = now - answer.checkedAt
  return age < 0 || age > answer.ttlSeconds * 1000
}

/** All answers that are kept, newest first. */
export async function listAnswers(host: ReadHost): Promise<Answer[]> {
  const files = await readAll(host)
  return files.flatMap(({ answer }) => answer ?? [])
}

/**
 * Keeps an answer, and drops those that were used longest ago. An answer in use is renewed whenever it is stale, so the
 * time that it was looked for says when it was used, and reading needs no write.
 * Without a cache directory nothing happens. Throws a NexusError('write') when it cannot be kept.
 */
export async function keepAnswer(answer: Answer, host: WriteHost): Promise<void> {
  const directory = answersDirectory(host)
  if (directory === undefined) return
  await writePrivateFile(
    host.path.join(directory, fileName(answer.question, host)),
    renderAnswer(answer),
    host,
    { isDurable: false },
  )
  const files = await readAll(host)
  const surplus = files.filter(file => file.answer).slice(keptAnswers)
  const broken = files.filter(file => !file.answer)
  for (const { path } of surplus) await host.fs.remove(path)
  for (const { path } of broken) await removeOld(path, host)
}

interface AnswerFile {
  readonly path: string
  readonly answer: Answer | undefined
}

async function readAll(host: ReadHost): Promise<AnswerFile[]> {
  const directory = answersDirectory(host)
  if (directory === undefined) return []
  const names = await host.fs.list(directory).catch(() => [])
  const paths = names.sort().map(name => host.path.join(directory, name))
  const files = await Promise.all(paths.map(async path => ({ path, answer: await readAnswer(path, host) })))
  const now = host.clock.now()
  return files.sort((a, b) => lastUse(b, now) - lastUse(a, now))
}

// What is not an answer, or comes from a clock that was ahead, goes first.
function lastUse({ answer }: AnswerFile, now: number): number {
  return answer === undefined || answer.checkedAt > now ? 0 : answer.checkedAt
}

// A file that cannot be read costs a detection, no more.
async function readAnswer(path: string, host: ReadHost): Promise<Answer | undefined> {
  const text = await readPrivateFile(path, answerBytes, host).catch(() => undefined)
  return text === undefined ? undefined : parseAnswer(text)
}

// A young one may be what another process is writing right now.
async function removeOld(path: string, host: ReadHost): Promise<void> {
  const info = await host.fs.lstat(path)
  if (info?.kind === 'file' && host.clock.now() - info.mtimeMs > leftoverAgeMs) await host.fs.remove(path)
}

function answersDirectory(host: ReadHost): string | undefined {
  const directory = cacheDirectory(host)
  return directory === undefined ? undefined : host.path.join(directory, 'answers')
}

function fileName(question: string, { sha256 }: ReadHost): string {
  return `${sha256(question).slice(0, 32)}.json`
}
