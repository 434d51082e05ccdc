import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { promisify } from 'node:util'
import type { Metafile } from 'esbuild'
import { bundleAll } from './bundle-all.ts'
import { root } from './bundling.ts'
import { renderLicences } from './licences.ts'

const target = path.join(root, 'dist')

await mkdir(target, { recursive: true })
const staging = await mkdtemp(path.join(target, '.staging-'))

try {
  const [metafiles] = await Promise.all([bundleAll(staging), declareTypes()])
  await placeJq()
  await placeLicences(metafiles)
  await publish()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
} finally {
  await rm(staging, { recursive: true, force: true })
}

// Types are checked by `npm run check:types`; here they are only written down.
async function declareTypes(): Promise<void> {
  const options = ['--noEmit', 'false', '--declaration', '--emitDeclarationOnly', '--noCheck']
  const places = ['--rootDir', root, '--outDir', path.join(staging, 'declared')]
  const tsc = path.join(root, 'node_modules/.bin/tsc')
  await promisify(execFile)(tsc, [
    '-p',
    path.join(root, 'scripts/tsconfig.library.json'),
    ...options,
    ...places,
  ])
  await rename(path.join(staging, 'declared/src'), path.join(staging, 'types'))
  await rm(path.join(staging, 'declared'), { recursive: true })
}

/**
 * jq itself, compiled to WebAssembly, without its names and notes for debuggers: two thirds of the file. Of jq-web only
 * this file is used; `src/lib/jq` runs it.
 */
async function placeJq(): Promise<void> {
  const { resolve } = createRequire(import.meta.url)
  const whole = await readFile(resolve('jq-web/jq.wasm'))
  await writeFile(path.join(staging, 'libraries/jq.wasm'), withoutCustomSections(whole))
  // The licences of jq and of what it contains ask to be passed on.
  await writeFile(path.join(staging, 'libraries/jq.LICENSE'), await readFile(resolve('jq-web/LICENSE')))
}

// After eight bytes of header a module is sections: an id, a length in LEB128, and so many bytes. Id 0 is a custom one.
function withoutCustomSections(wasm: Buffer): Buffer {
  const kept = [wasm.subarray(0, 8)]
  for (let at = 8; at < wasm.length; ) {
    const start = at
    at += 1
    let length = 0
    for (let shift = 0, byte = 0x80; byte >= 0x80; shift += 7, at += 1) {
      byte = wasm[at] ?? 0
      length += (byte & 0x7f) * 2 ** shift
    }
    at += length
    if (wasm[start] !== 0) kept.push(wasm.subarray(start, at))
  }
  return Buffer.concat(kept)
}

/**
 * Programs may be running from `dist` right now, and load their chunks late. So chunks, which are named by their
 * content, come before the entries that name them, each by one rename; what nothing names any more goes an hour later.
 */
async function publish(): Promise<void> {
  const files = (await filesBelow(staging)).sort((a, b) => rank(a) - rank(b))
  for (const file of files) await place(file)
  // A build that was killed leaves its staging directory.
  for (const name of await readdir(target)) {
    if (name.startsWith('.staging-') && (await isOld(name)))
      await rm(path.join(target, name), { recursive: true })
  }
  for (const file of await filesBelow(target)) {
    if (!files.includes(file) && (await isOld(file))) await rm(path.join(target, file), { force: true })
  }
}

function rank(file: string): number {
  return file.includes(path.sep) && !file.endsWith('.html') ? 0 : 1
}

async function filesBelow(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true })
  return entries
    .filter(entry => entry.isFile())
    .map(entry => path.relative(directory, path.join(entry.parentPath, entry.name)))
    .filter(file => !file.startsWith('.staging-'))
}

async function place(file: string): Promise<void> {
  const [from, to] = [path.join(staging, file), path.join(target, file)]
  const [fresh, present] = await Promise.all([readFile(from), readFile(to).catch(() => undefined)])
  if (present?.equals(fresh)) return
  await mkdir(path.dirname(to), { recursive: true })
  await writeFile(`${from}.new`, fresh)
  await rename(`${from}.new`, to)
}

/** Beside `dist`, where people look for it. */
async function placeLicences(metafiles: readonly Metafile[]): Promise<void> {
  const text = await renderLicences(metafiles)
  const file = path.join(root, 'THIRD_PARTY_LICENSES')
  if ((await readFile(file, 'utf8').catch(() => undefined)) === text) return
  const fresh = path.join(staging, 'THIRD_PARTY_LICENSES')
  await writeFile(fresh, text)
  await rename(fresh, file)
}

async function isOld(file: string): Promise<boolean> {
  if (process.argv.includes('--clean')) return true
  const info = await stat(path.join(target, file)).catch(() => undefined)
  return info !== undefined && Date.now() - info.mtimeMs > 3_600_000
}
