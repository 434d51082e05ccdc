import { copyFile, mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { build, type Metafile } from 'esbuild'
import { renderSymbols } from './bundle-symbols.ts'
import { root } from './bundling.ts'

/** Bundles the dashboard for browsers: files named by what is in them, and a page that names the files. */
export async function bundleWeb(outdir: string): Promise<Metafile> {
  const assets = path.join(outdir, 'assets')
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: ['src/dashboard/web/main.ts', 'src/dashboard/web/page.css'],
    outdir: assets,
    entryNames: '[name]-[hash]',
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    // Since then there are light-dark() and subgrid.
    target: ['chrome123', 'firefox120', 'safari17.5'],
    legalComments: 'none',
    metafile: true,
    logLevel: 'error',
  })
  const names = Object.keys(metafile.outputs).map(file => path.basename(file))
  await mkdir(assets, { recursive: true })
  await copyFile(path.join(root, 'src/dashboard/web/dashboard.svg'), path.join(assets, 'dashboard.svg'))
  await writeFile(
    path.join(outdir, 'index.html'),
    renderPage({
      script: findOne(names, '.js'),
      style: findOne(names, '.css'),
      symbols: await renderSymbols(),
    }),
  )
  return metafile
}

function findOne(names: readonly string[], ending: string): string {
  const [name, ...others] = names.filter(each => each.endsWith(ending))
  if (name === undefined || others.length > 0) throw new Error(`the page needs one file *${ending}`)
  return name
}

interface PageParts {
  readonly script: string
  readonly style: string
  readonly symbols: string
}

function renderPage({ script, style, symbols }: PageParts): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>NEXUS registry</title>
<link rel="icon" href="/assets/dashboard.svg" type="image/svg+xml">
<link rel="stylesheet" href="/assets/${style}">
<script type="module" src="/assets/${script}"></script>
<body>
${symbols}<nexus-dashboard></nexus-dashboard>
<noscript>The dashboard is drawn by a script. <a href="/docs">The documentation of the HTTP API</a> can be read without one.</noscript>
</body>
</html>
`
}
