import { execFile } from 'node:child_process'
import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { promisify } from 'node:util'
import type { CodeBlock } from './documents.ts'
import { temporaryDirectory } from './test-host.ts'

const copied = ['src', 'test/support', 'registries', 'package.json', 'tsconfig.json']
const linked = ['node_modules', 'dist']

/** A copy of the source that may be changed, removed after the test. */
export async function copySource(): Promise<string> {
  const directory = await temporaryDirectory()
  for (const path of copied) await cp(path, nodePath.join(directory, path), { recursive: true })
  for (const path of linked) await symlink(nodePath.resolve(path), nodePath.join(directory, path))
  return directory
}

/** Does what a block says whose first line is `// path`: writes a new file, or changes one that must be there. */
export async function applyBlock({ language, body }: CodeBlock, directory: string): Promise<string> {
  const path = /^\/\/ (\S+)\n/.exec(body)?.[1]
  if (path === undefined) throw new Error(`a block does not begin with a path:\n${body}`)
  const file = nodePath.join(directory, path)
  if (language === 'diff') await applyDiff(body.slice(body.indexOf('\n') + 1), file)
  else await writeNew(file, body)
  return path
}

async function writeNew(file: string, text: string): Promise<void> {
  await mkdir(nodePath.dirname(file), { recursive: true })
  await writeFile(file, text, { flag: 'wx' })
}

// Lines of context and those that go have to be there as they stand, once.
async function applyDiff(diff: string, file: string): Promise<void> {
  const text = await readFile(file, 'utf8')
  const [before, after] = [toSide(diff, '-'), toSide(diff, '+')]
  const places = text.split(before).length - 1
  if (places !== 1) throw new Error(`${file} has ${places} places like\n${before}`)
  await writeFile(
    file,
    text.replace(before, () => after),
  )
}

function toSide(diff: string, sign: '-' | '+'): string {
  const lines = diff.split('\n').slice(0, -1)
  const own = lines.filter(line => line.startsWith(' ') || line.startsWith(sign))
  return own.map(line => `${line.slice(1)}\n`).join('')
}

/** What the compiler says of the copy's source and of further files; empty when it is content. */
export async function compile(directory: string, files: readonly string[]): Promise<string> {
  const project = nodePath.join(directory, 'tsconfig.recipes.json')
  await writeFile(project, JSON.stringify({ extends: './tsconfig.json', include: ['src', ...files] }))
  const page = nodePath.join(directory, 'src/dashboard/web')
  return (await runCompiler(directory, project)) + (await runCompiler(directory, page))
}

function runCompiler(directory: string, project: string): Promise<string> {
  const tsc = nodePath.join(directory, 'node_modules/.bin/tsc')
  return promisify(execFile)(tsc, ['-p', project, '--noEmit']).then(
    ({ stdout }) => stdout,
    (error: { stdout?: string; message: string }) => error.stdout || error.message,
  )
}
