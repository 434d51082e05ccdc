import type { Host } from '../../platform/host.ts'
import { cacheDirectory } from '../../registry/home/directories.ts'
import { writePrivateFile } from '../../registry/home/private-file.ts'
import { storedName } from '../../registry/home/stored-name.ts'
import type { Answer, AnswerForShells } from './answer.ts'
import {
  locateFiles,
  momentsOf,
  momentsOfFiles,
  momentsOfLook,
  renderAnswerScript,
  renderHomeScript,
} from './answer-script.ts'
import type { Look } from './question.ts'
import { placeTimeMarks } from './time-marks.ts'
import { renderZshAnswer, renderZshHome } from './zsh-script.ts'

export type ScriptHost = Pick<
  Host,
  'env' | 'userHome' | 'uid' | 'path' | 'fs' | 'clock' | 'sha256' | 'randomName'
>

/** Most homes whose scripts are kept: when there are more, all are removed, and those in use are made anew. */
const keptHomes = 64

/** Writes what shells need to give an answer by themselves. Throws a NexusError('write'). */
export async function keepAnswerScript(
  directory: string,
  { answer, shells }: { readonly answer: Answer; readonly shells: AnswerForShells },
  host: ScriptHost,
): Promise<void> {
  const { home, look } = shells
  const [pathElements, configFiles] = await Promise.all([
    locateFiles(look.pathElements, host),
    locateFiles(look.configFiles, host),
  ])
  const place = { env: host.env, homeName: storedName(home, host), pathElements, configFiles }
  // What is read first is written last: no shell gets to a mark or a script that is not there yet.
  const moments = [...momentsOfFiles([...pathElements, ...configFiles]), ...momentsOfLook(look)]
  await placeTimeMarks([...moments, ...momentsOf(answer)], host)
  await keepHomeScript(home, look, host)
  await write(host.path.join(directory, 'answer.sh'), renderAnswerScript(answer, shells, place), host)
  await write(host.path.join(directory, 'answer.zsh'), renderZshAnswer(answer, shells, place), host)
}

/** Writes how shells can tell that the files of a home ask what they asked. Throws a NexusError('write'). */
export async function keepHomeScript(home: string, look: Look, host: ScriptHost): Promise<void> {
  const cache = cacheDirectory(host)
  if (cache === undefined) return
  const files = await locateFiles([look.definitions.directory, ...look.definitions.files], host)
  await placeTimeMarks([...momentsOfFiles(files), ...momentsOfLook(look)], host)
  const directory = host.path.join(cache, 'homes')
  await removeSurplus(directory, host)
  const name = storedName(home, host)
  await write(host.path.join(directory, `${name}.sh`), renderHomeScript(look, files), host)
  await write(host.path.join(directory, `${name}.zsh`), renderZshHome(look, files), host)
}

async function write(path: string, text: string, host: ScriptHost): Promise<void> {
  await writePrivateFile(path, text, host, { isDurable: false })
}

async function removeSurplus(directory: string, host: ScriptHost): Promise<void> {
  const names = await host.fs.list(directory).catch(() => [])
  if (names.length > 2 * keptHomes) await host.fs.removeTree(directory)
}
