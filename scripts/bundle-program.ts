import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { type BuildOptions, build, type Metafile, type Plugin, transform } from 'esbuild'
import { bundling, root, withoutExecutableSubcommands } from './bundling.ts'

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
  '@clack/prompts',
  '@fastify/rate-limit',
  '@viz-js/viz',
  'chokidar',
  'cosmiconfig',
  'execa',
  'fastify',
  'pino',
  'prom-client',
  're2js',
  'smol-toml',
  'systeminformation',
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

/** A dynamic import becomes a lazy require, which needs no second module loader. */
const commonJs = { format: 'cjs', supported: { 'dynamic-import': false } } as const

const { minifyWhitespace, minifySyntax, platform, target, lineLimit } = bundling
const partOptions = { charset: 'ascii', minifyWhitespace, minifySyntax, platform, target } as const

export interface ProgramBundle {
  readonly entry: string
  readonly outfile: string
  /** Makes the bundle an expression, a function with the parameters of a CommonJS module, as `runCached` takes it. */
  readonly isFunction: boolean
}

/**
 * Bundles the program into one CommonJS file, because Node loads it sooner than many modules, and V8 can keep what it
 * compiled of it. Inside, each part that is loaded for itself is a function of its own. So V8 takes note of a part as a
 * whole until something loads it: with the functions of all parts side by side it keeps nearly twice as much. Each start
 * reads the whole file, so what esbuild writes into every part, names of files and its helpers, is short or there once.
 */
export async function bundleProgram({ entry, outfile, isFunction }: ProgramBundle): Promise<Metafile> {
  const options = {
    ...bundling,
    entryPoints: { entry },
    plugins: [withoutExecutableSubcommands, withQuickWidths, withSeparateLibraries],
    define: { ...bundling.define, 'import.meta.dirname': '__dirname', 'import.meta.filename': '__filename' },
    format: 'esm',
    splitting: true,
    chunkNames: '[name]-[hash]',
    outdir: root,
    write: false,
    metafile: true,
  } as const satisfies BuildOptions
  const { outputFiles, metafile } = await build(options)
  const names = new Map(
    outputFiles.map(({ path: file }, index) => {
      const name = `./${path.basename(file)}`
      return [name, name === './entry.js' ? './entry' : `./p${index.toString(36)}`]
    }),
  )
  const helpers = await findHelpers()
  const parts = await Promise.all(
    outputFiles.map(async ({ path: file, text }) => {
      const renamed = text.replace(/"(\.\/[\w.-]+\.js)"/g, (_, name) =>
        JSON.stringify(names.get(name) ?? name),
      )
      const { code } = await transform(renamed, { ...partOptions, ...commonJs })
      const part = await transform(withoutHelpers(code, helpers), { ...partOptions, lineLimit })
      const name = names.get(`./${path.basename(file)}`)
      return `${JSON.stringify(name)}(module, exports, require) {${part.code}}`
    }),
  )
  const program = `"use strict";\n${helpers.at(-1)}\nconst parts = {\n${parts.join(',\n')}\n}\n${loader}`
  const code = isFunction
    ? `(function (exports, require, module, __filename, __dirname) {${program}})`
    : program
  // It is read as Latin-1, which is quicker. Only in a regular expression nothing is escaped.
  const [foreign] = /.{0,40}[^\0-\x7f]/.exec(code) ?? []
  if (foreign) throw new Error(`the bundle has to be ASCII: write the last of "${foreign}" as an escape`)
  await writeFile(outfile, code)
  return metafile
}

const exporting = 'var stdin_exports={};__export(stdin_exports,'
const assigningExports = 'module.exports=__toCommonJS(stdin_exports);'

/** The helpers that esbuild writes before a part, and, as the last, before one that also imports a default export. */
async function findHelpers(): Promise<readonly string[]> {
  const samples = ['export let a', 'import a from "a"; export let b = a']
  return Promise.all(
    samples.map(async sample => {
      const { code } = await transform(sample, { ...partOptions, ...commonJs })
      return code.slice(0, code.indexOf(exporting))
    }),
  )
}

/** A part without its helpers, which adds its exports to `exports`. One that has other helpers keeps them. */
function withoutHelpers(code: string, helpers: readonly string[]): string {
  const end = code.indexOf(exporting)
  if (!helpers.includes(code.slice(0, end)) || !code.includes(assigningExports)) return code
  return code.slice(end).replace(exporting, '__export(exports,').replace(assigningExports, '')
}

const loader = `
const loaded = new Map()
function load(name) {
  if (!Object.hasOwn(parts, name)) return require(name)
  const known = loaded.get(name)
  if (known) return known.exports
  const module = { exports: __defProp({}, '__esModule', { value: true }) }
  loaded.set(name, module)
  parts[name](module, module.exports, load)
  return module.exports
}
load('./entry')
`

/** Bundles each of the libraries that lie beside the program. */
export async function bundleSeparateLibraries(outdir: string): Promise<Metafile> {
  const outExtension = { '.js': '.cjs' }
  const entryPoints = separateLibraries
  const { metafile } = await build({
    ...bundling,
    ...commonJs,
    entryPoints,
    outdir,
    outExtension,
    metafile: true,
  })
  return metafile
}
