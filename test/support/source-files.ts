import { readdirSync, readFileSync } from 'node:fs'
import nodePath from 'node:path'

export interface SourceFile {
  /** Path from src/, with slashes. */
  readonly path: string
  readonly text: string
  readonly imports: readonly SourceImport[]
  /** Names that it exports. */
  readonly exports: readonly string[]
}

export interface SourceImport {
  /** Path from src/ of a file of ours, or the name of a package. */
  readonly target: string
  readonly isOurs: boolean
  /** `value`: loaded with the module; `type`: `import type`; `later`: `import()`. */
  readonly kind: 'value' | 'type' | 'later'
}

const root = nodePath.resolve('src')

const importPattern =
  /^(?:import|export)\s+(type\s)?(?:[^'"]*?\sfrom\s+)?'([^']+)'|\bimport\('([^']+)'\)(\.\w+)?/gm

const exportPattern =
  /^export (?:default )?(?:async )?(?:const|function\*?|class|interface|type|let) (\w+)|^export (?:type )?\{([^}]*)\}/gm

/** All files of the source and what they say about each other. */
export function readSourceFiles(): SourceFile[] {
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' })
  return names
    .filter(name => name.endsWith('.ts'))
    .map(name => toSourceFile(name.replaceAll('\\', '/')))
    .sort((a, b) => (a.path < b.path ? -1 : 1))
}

function toSourceFile(path: string): SourceFile {
  const text = readFileSync(nodePath.join(root, path), 'utf8')
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '')
  return {
    path,
    text,
    imports: [...code.matchAll(importPattern)].map(found => toImport(path, found)),
    exports: [...code.matchAll(exportPattern)].flatMap(([, name, list]) =>
      name ? [name] : (list ?? '').split(',').map(part => part.trim().split(/\s+/).at(-1) ?? ''),
    ),
  }
}

function toImport(path: string, [, type, statically, lazily]: RegExpExecArray): SourceImport {
  const named = statically ?? lazily ?? ''
  const isOurs = named.startsWith('.')
  return {
    target: isOurs ? nodePath.posix.join(nodePath.posix.dirname(path), named) : named,
    isOurs,
    kind: statically === undefined ? 'later' : type === undefined ? 'value' : 'type',
  }
}
