import type { ProgramSearch } from '../../detection/probe.ts'
import { loadSearchPath, type SearchPath } from '../../detection/programs/path-directory.ts'
import { createProgramFinder } from '../../detection/programs/program-finder.ts'
import { parseDetection } from '../../lib/shell/command-line.ts'
import { toShellWord } from '../../lib/shell/quote.ts'
import { loadRegistry } from '../../registry/load/load-registry.ts'
import type { HealthFinding } from '../../sync/health.ts'
import type { Check, CheckContext } from '../check.ts'

/** Problems with PATH: directories that cannot be searched, and duplicate or unusable programs. */
export const pathCheck: Check = {
  name: 'path',
  run: async context => {
    const searchPath = await loadSearchPath(context.host)
    const programs = await checkPrograms(searchPath, context)
    const findings = [...checkElements(searchPath), ...programs]
    if (findings.length > 0) return findings
    const message = `all ${searchPath.directories.length} directories of PATH can be searched`
    return [{ status: 'ok', message, hint: null }]
  },
}

function checkElements({ directories, problems }: SearchPath): HealthFinding[] {
  const open = directories.filter(({ isOpenToAll }) => isOpenToAll)
  return [
    ...problems.map(({ path, why }) =>
      warn(path === '' ? `an empty element of PATH ${why}` : `${path} on PATH ${why}`, 'Remove it from PATH'),
    ),
    ...open.map(({ path }) =>
      warn(
        `${path} on PATH is writable by all users: nothing in it is executed`,
        `chmod o-w ${toShellWord(path)}`,
      ),
    ),
  ]
}

async function checkPrograms({ problems }: SearchPath, context: CheckContext): Promise<HealthFinding[]> {
  const finder = createProgramFinder(context.host)
  const searches = await Promise.all((await listPrograms(context)).map(name => finder.find(name)))
  // Every search reports the directories of PATH too; they are reported once.
  const reported = new Set(problems.map(({ path }) => path))
  return searches.flatMap(search => checkSearch(search, reported))
}

async function listPrograms({ host, findHome }: CheckContext): Promise<string[]> {
  const home = await findHome()
  if (!home) return []
  const { content = {} } = await loadRegistry('tools', home.directory, host)
  const detections = Object.values(content).map(({ detection }) => parseDetection(detection))
  const names = detections.flatMap(parsed =>
    parsed.ok && parsed.detection.kind === 'path' ? [parsed.detection.program] : [],
  )
  return [...new Set(names)].sort()
}

function checkSearch(
  { result, others, passedOver }: ProgramSearch,
  reported: ReadonlySet<string>,
): HealthFinding[] {
  const broken =
    result?.kind === 'broken' ? [warn(`${result.path} does not work: ${result.reason}`, null)] : []
  const skipped = passedOver.filter(({ path }) => !reported.has(path))
  return [
    ...broken,
    ...skipped.map(({ path, why }) => warn(`${path} is skipped: it ${why}`, null)),
    ...others.map(path => note(`${path} is hidden by ${result?.path ?? 'another'}`)),
  ]
}

function note(message: string): HealthFinding {
  return { status: 'note', message, hint: null }
}

function warn(message: string, hint: string | null): HealthFinding {
  return { status: 'warning', message, hint }
}
