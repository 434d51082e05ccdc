import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { promisify } from 'node:util'
import { type BuildOptions, build, type Plugin } from 'esbuild'

const root = path.dirname(import.meta.dirname)
const target = path.join(root, 'dist')

// Commander loads it for subcommands that are programs of their own. There are none, and it costs at every start.
const withoutExecutableSubcommands: Plugin = {
  name: 'without-executable-subcommands',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^node:child_process$/ }, ({ importer }) =>
      importer.includes(`${path.sep}commander${path.sep}`) ? { path: 'none', namespace: 'none' } : undefined,
    )
    onLoad({ filter: /^none$/, namespace: 'none' }, () => ({ contents: 'module.exports = {}' }))
  },
}

// cli-table3 measures every cell, and most are plain: for those the table of all emoji need not be compiled.
const withQuickWidths: Plugin = {
  name: 'with-quick-widths',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^string-width$/ }, ({ importer }) =>
      importer.includes(`${path.sep}cli-table3${path.sep}`)
        ? { path: 'quick', namespace: 'widths' }
        : undefined,
    )
    onLoad({ filter: /^quick$/, namespace: 'widths' }, () => ({
      resolveDir: root,
      contents: `
        const plain = /^[\\x20-\\x7e\\u00a1-\\u00ac\\u00ae-\\u02ff\\u2010-\\u2027]*$/
        const count = text => require('string-width/index.js')(text)
        module.exports = text => (typeof text === 'string' && plain.test(text) ? text.length : count(text))
      `,
    }))
  },
}

/** Libraries that few calls need, and that would make the one file of the program three times as large. */
const separateLibraries = [
  '@viz-js/viz',
  'chokidar',
  'cosmiconfig',
  'execa',
  'pino',
  're2js',
  'smol-toml',
  'yaml',
]

// They lie beside the program, a file each.
const withSeparateLibraries: Plugin = {
  name: 'with-separate-libraries',
  setup: ({ onResolve }) => {
    onResolve({ filter: /^(?:@[\w-]+\/)?[\w-]+$/ }, ({ path: name }) =>
      separateLibraries.includes(name) ? { path: `./libraries/${name}.cjs`, external: true } : undefined,
    )
  },
}

const common: BuildOptions = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  plugins: [withoutExecutableSubcommands],
  // cosmiconfig's own loaders, which read-config-file.ts replaces: typescript alone would be 9 MB.
  external: ['typescript', 'import-fresh', 'js-yaml', 'parse-json'],
  // Names stay readable: a stack in a report has to mean something.
  minifyWhitespace: true,
  minifySyntax: true,
  lineLimit: 120,
  logLevel: 'error',
}

await mkdir(target, { recursive: true })
const staging = await mkdtemp(path.join(target, '.staging-'))

try {
  await Promise.all([bundle(), declareTypes()])
  await placeJq()
  await publish()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
} finally {
  await rm(staging, { recursive: true, force: true })
}

/**
 * The program is one CommonJS file whose modules wait until something imports them: Node loads it sooner than modules
 * in several files, and V8 can keep what it compiled of it. `main.cjs` starts it; the library is for other programs.
 */
async function bundle(): Promise<void> {
  const here = { 'import.meta.dirname': '__dirname', 'import.meta.filename': '__filename' }
  // A dynamic import of such a library becomes a lazy require, which needs no second module loader.
  const supported = { 'dynamic-import': false }
  const commonJs: BuildOptions = { ...common, format: 'cjs', define: here, supported, charset: 'ascii' }
  const plugins = [withoutExecutableSubcommands, withQuickWidths, withSeparateLibraries]
  await Promise.all([
    build({ ...commonJs, entryPoints: ['src/boot.ts'], outfile: path.join(staging, 'main.cjs') }),
    build({ ...commonJs, plugins, entryPoints: ['src/main.ts'], outfile: path.join(staging, 'app.cjs') }),
    build({
      ...commonJs,
      entryPoints: separateLibraries,
      outdir: path.join(staging, 'libraries'),
      outExtension: { '.js': '.cjs' },
    }),
    build({
      ...common,
      entryPoints: ['src/library.ts'],
      outdir: staging,
      chunkNames: 'chunks/[name]-[hash]',
      splitting: true,
      format: 'esm',
      // Some dependencies are CommonJS and call require for Node's own modules.
      banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
    }),
  ])
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
 * this file is used; `src/core/jq` runs it.
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
  return file.includes(path.sep) ? 0 : 1
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

async function isOld(file: string): Promise<boolean> {
  if (process.argv.includes('--clean')) return true
  const info = await stat(path.join(target, file)).catch(() => undefined)
  return info !== undefined && Date.now() - info.mtimeMs > 3_600_000
}
