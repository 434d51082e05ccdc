import path from 'node:path'
import { build, type Metafile } from 'esbuild'
import { bundleProgram, bundleSeparateLibraries } from './bundle-program.ts'
import { bundleWeb } from './bundle-web.ts'
import { bundling, withoutExecutableSubcommands } from './bundling.ts'

/** Bundles all that is shipped into a directory, and says what is inside: one metafile for each build. */
export async function bundleAll(directory: string): Promise<readonly Metafile[]> {
  const programs = [
    { source: 'boot', name: 'main', isFunction: false },
    { source: 'main', name: 'app', isFunction: true },
    { source: 'worker', name: 'worker', isFunction: false },
  ]
  return Promise.all([
    ...programs.map(({ source, name, isFunction }) =>
      bundleProgram({
        entry: `src/${source}.ts`,
        outfile: path.join(directory, `${name}.cjs`),
        isFunction,
      }),
    ),
    bundleSeparateLibraries(path.join(directory, 'libraries')),
    bundleWeb(path.join(directory, 'web')),
    bundleLibrary(directory),
  ])
}

/** The library for other programs. */
async function bundleLibrary(outdir: string): Promise<Metafile> {
  const { metafile } = await build({
    ...bundling,
    entryPoints: ['src/library.ts'],
    plugins: [withoutExecutableSubcommands],
    outdir,
    chunkNames: 'chunks/[name]-[hash]',
    splitting: true,
    format: 'esm',
    metafile: true,
    // Some dependencies are CommonJS and call require for Node's own modules.
    banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
  })
  return metafile
}
