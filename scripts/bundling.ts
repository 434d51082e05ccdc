import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { BuildOptions, Plugin } from 'esbuild'
import { parseRegistry } from '../src/registry/load/parse-registry.ts'
import { registryFiles, registryNames } from '../src/registry/schema/names.ts'

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

/** Notes of the validation cache about the shipped files that are valid, so that a new home need not be checked. */
function noteShippedFiles(): string[] {
  return registryNames.flatMap(name => {
    const file = path.join(root, 'registries', registryFiles[name])
    const bytes = readFileSync(file)
    const isValid = parseRegistry(name, file, bytes).diagnostics.length === 0
    return isValid ? [`${name} ${createHash('sha256').update(bytes).digest('hex')}`] : []
  })
}

/** What all bundles have in common. */
export const bundling = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  define: { SHIPPED_NOTES: JSON.stringify(noteShippedFiles()) },
  // cosmiconfig's own loaders, which read-config-file.ts replaces: typescript alone would be 9 MB.
  external: ['typescript', 'import-fresh', 'js-yaml', 'parse-json'],
  // Names stay readable: a stack in a report has to mean something.
  minifyWhitespace: true,
  minifySyntax: true,
  lineLimit: 120,
  logLevel: 'error',
} as const satisfies BuildOptions
