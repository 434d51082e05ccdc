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
const commonJs = { format: 'cjs', charset: 'ascii', supported: { 'dynamic-import': false } } as const

/**
 * Bundles the program into one CommonJS file, because Node loads it sooner than many modules, and V8 can keep what it
 * compiled of it. Inside, each part that is loaded for itself is a function of its own. So V8 takes note of a part as a
 * whole until something loads it: with the functions of all parts side by side it keeps nearly twice as much.
 */
export async function bundleProgram({
  entry,
  outfile,
}: {
  entry: string
  outfile: string
}): Promise<Metafile> {
  const options = {
    ...bundling,
    entryPoints: { entry },
    plugins: [withoutExecutableSubcommands, withQuickWidths, withSeparateLibraries],
    define: { 'import.meta.dirname': '__dirname', 'import.meta.filename': '__filename' },
    format: 'esm',
    splitting: true,
    chunkNames: '[name]-[hash]',
    outdir: root,
    write: false,
    metafile: true,
  } as const satisfies BuildOptions
  const { outputFiles, metafile } = await build(options)
  const parts = await Promise.all(
    outputFiles.map(async ({ path: file, text }) => {
      const { minifyWhitespace, minifySyntax, platform, target, lineLimit } = bundling
      const kept = { minifyWhitespace, minifySyntax, platform, target, lineLimit }
      const { code } = await transform(text, { ...commonJs, ...kept })
      // It is read as Latin-1, which is quicker. Only in a regular expression nothing is escaped.
      const [foreign] = /.{0,40}[^\0-\x7f]/.exec(code) ?? []
      if (foreign) throw new Error(`the bundle has to be ASCII: write the last of "${foreign}" as an escape`)
      return `${JSON.stringify(`./${path.basename(file)}`)}(module, exports, require) {${code}}`
    }),
  )
  await writeFile(outfile, `"use strict";\nconst parts = {\n${parts.join(',\n')}\n}\n${loader}`)
  return metafile
}

const loader = `
const loaded = new Map()
function load(name) {
  if (!Object.hasOwn(parts, name)) return require(name)
  const known = loaded.get(name)
  if (known) return known.exports
  const module = { exports: {} }
  loaded.set(name, module)
  parts[name](module, module.exports, load)
  return module.exports
}
load('./entry.js')
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
