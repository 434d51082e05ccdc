import path from 'node:path'
import type { BuildOptions, Plugin } from 'esbuild'

export const root = path.dirname(import.meta.dirname)

/** Commander loads it for subcommands that are programs of their own. There are none, and it costs at every start. */
export const withoutExecutableSubcommands: Plugin = {
  name: 'without-executable-subcommands',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^node:child_process$/ }, ({ importer }) =>
      importer.includes(`${path.sep}commander${path.sep}`) ? { path: 'none', namespace: 'none' } : undefined,
    )
    onLoad({ filter: /^none$/, namespace: 'none' }, () => ({ contents: 'module.exports = {}' }))
  },
}

/** What all bundles have in common. */
export const bundling = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  // cosmiconfig's own loaders, which read-config-file.ts replaces: typescript alone would be 9 MB.
  external: ['typescript', 'import-fresh', 'js-yaml', 'parse-json'],
  // Names stay readable: a stack in a report has to mean something.
  minifyWhitespace: true,
  minifySyntax: true,
  lineLimit: 120,
  logLevel: 'error',
} as const satisfies BuildOptions
