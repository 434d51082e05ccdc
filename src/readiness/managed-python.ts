import type { Host } from '../platform/host.ts'
import type { Detected } from '../registry/schema/detected.ts'

type FileHost = Pick<Host, 'fs' | 'path'>

/** The interpreters, of those that detections tell of, into which their own system alone installs (PEP 668): pip refuses. */
export async function findManagedPythons(
  detections: Iterable<Detected>,
  host: FileHost,
): Promise<ReadonlySet<string>> {
  const versions = new Map<string, string>()
  for (const { details } of detections) {
    const { interpreter, python_version: version } = details ?? {}
    if (typeof interpreter === 'string' && typeof version === 'string') versions.set(interpreter, version)
  }
  const judged = [...versions].map(async ([interpreter, version]) =>
    (await isManaged(interpreter, version, host)) ? [interpreter] : [],
  )
  return new Set((await Promise.all(judged)).flat())
}

async function isManaged(interpreter: string, version: string, { fs, path }: FileHost): Promise<boolean> {
  const isThere = async (file: string) => (await fs.stat(file).catch(() => undefined)) !== undefined
  // A virtual environment is its owner's, whoever manages what it was made from.
  if (await isThere(path.resolve(path.dirname(interpreter), '..', 'pyvenv.cfg'))) return false
  const program = await fs.realPath(interpreter).catch(() => interpreter)
  const name = `python${version.split('.').slice(0, 2).join('.')}`
  const marks = ['lib', 'lib64'].map(library =>
    isThere(path.resolve(path.dirname(program), '..', library, name, 'EXTERNALLY-MANAGED')),
  )
  return (await Promise.all(marks)).includes(true)
}
