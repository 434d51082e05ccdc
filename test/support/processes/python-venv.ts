import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import nodePath from 'node:path'
import { promisify } from 'node:util'
import { temporaryDirectory } from '../test-host.ts'

/** A virtual environment of a test, with what lies in its site-packages made by hand. */
export interface Venv {
  readonly directory: string
  readonly python: string
  readonly bin: string
  readonly sitePackages: string
  /** Writes files below site-packages, by relative path. */
  readonly write: (files: Record<string, string>) => Promise<void>
  /** Writes a package as pip leaves it: its files, and a dist-info with METADATA, RECORD and top_level.txt. */
  readonly install: (wheel: WheelOptions) => Promise<void>
}

export interface WheelOptions {
  readonly distribution: string
  readonly version: string
  readonly files: Record<string, string>
  /** Content of top_level.txt; without it there is none, as hatch and flit leave it. */
  readonly topLevel?: string
  readonly extra?: Record<string, string>
}

/** An empty virtual environment of the `python3` on PATH, to be copied by the tests of a file. */
export async function createVenvTemplate(): Promise<{ directory: string; remove: () => Promise<void> }> {
  const directory = await mkdtemp(nodePath.join(tmpdir(), 'nexus-registry-venv-'))
  await promisify(execFile)('python3', ['-m', 'venv', '--without-pip', directory])
  return { directory, remove: () => rm(directory, { recursive: true, force: true }) }
}

/** A copy of the template for one test, removed after it; or in a place that several tests share. */
export async function createVenv(template: string, place?: string): Promise<Venv> {
  const directory = nodePath.join(place ?? (await temporaryDirectory()), 'venv')
  await cp(template, directory, { recursive: true, verbatimSymlinks: true })
  const [version = ''] = await readdir(nodePath.join(directory, 'lib'))
  const sitePackages = nodePath.join(directory, 'lib', version, 'site-packages')
  const write = (files: Record<string, string>) => writeFiles(sitePackages, files)
  const bin = nodePath.join(directory, 'bin')
  return {
    directory,
    bin,
    python: nodePath.join(bin, 'python'),
    sitePackages,
    write,
    install: wheel => write(toWheelFiles(wheel)),
  }
}

/** Writes files below a directory, by relative path. */
export async function writeFiles(directory: string, files: Record<string, string>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    const file = nodePath.join(directory, path)
    await mkdir(nodePath.dirname(file), { recursive: true })
    await writeFile(file, content)
  }
}

function toWheelFiles({
  distribution,
  version,
  files,
  topLevel,
  extra,
}: WheelOptions): Record<string, string> {
  const info = `${distribution.replace(/[-.]+/g, '_')}-${version}.dist-info`
  const record = Object.keys(files).map(path => `${path},sha256=AAAA,1\n`)
  return {
    ...files,
    [`${info}/METADATA`]: `Metadata-Version: 2.1\nName: ${distribution}\nVersion: ${version}\n\nVersion: 0 in prose\n`,
    [`${info}/RECORD`]: `${record.join('')}${info}/METADATA,,\n`,
    ...(topLevel !== undefined && { [`${info}/top_level.txt`]: topLevel }),
    ...Object.fromEntries(Object.entries(extra ?? {}).map(([path, content]) => [`${info}/${path}`, content])),
  }
}
