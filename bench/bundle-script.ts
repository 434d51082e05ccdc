import path from 'node:path'
import { build } from 'esbuild'

/** Bundles a script of `scripts/` as the program itself is bundled; returns the file that plain Node runs. */
export async function bundleScript(name: string, directory: string): Promise<string> {
  const outfile = path.join(directory, `${name}.mjs`)
  await build({
    entryPoints: [path.join(import.meta.dirname, 'scripts', `${name}.ts`)],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    external: ['typescript', 'import-fresh', 'js-yaml', 'parse-json'],
    minifyWhitespace: true,
    minifySyntax: true,
    banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
    logLevel: 'error',
  })
  return outfile
}
