import type { FileSystem, PathApi } from './host.ts'

/**
 * The same files, none of which can be changed: as on a read-only file system, but for the temporary directories that
 * are made through it (`nexus-registry-` and a random name).
 */
export function toReadOnlyFiles(fs: FileSystem, path: Pick<PathApi, 'join' | 'sep'>): FileSystem {
  const prefix = path.join(fs.temporaryDirectory, 'nexus-registry-')
  const made = new Set<string>()
  const toName = (file: string): string =>
    (file.startsWith(prefix) ? file.slice(prefix.length).split(path.sep)[0] : undefined) ?? ''
  const requireTemporary = (file: string): void => {
    if (made.has(toName(file))) return
    throw Object.assign(new Error(`EROFS: read-only in a dry run, '${file}'`), { code: 'EROFS' })
  }
  return {
    ...fs,
    makeDirectory: async (file, mode) => {
      if ((await fs.stat(file))?.kind === 'directory') return
      const name = toName(file)
      // One that is there already is another process's.
      if (/^[0-9a-f]{16}$/.test(name) && !(await fs.lstat(`${prefix}${name}`))) made.add(name)
      requireTemporary(file)
      await fs.makeDirectory(file, mode)
    },
    createFile: async (file, data, mode, options) => {
      requireTemporary(file)
      await fs.createFile(file, data, mode, options)
    },
    appendLines: async (file, text) => {
      requireTemporary(file)
      await fs.appendLines(file, text)
    },
    setMode: async (file, mode) => {
      requireTemporary(file)
      await fs.setMode(file, mode)
    },
    setModified: async (file, ms) => {
      requireTemporary(file)
      await fs.setModified(file, ms)
    },
    rename: async (from, to) => {
      requireTemporary(from)
      requireTemporary(to)
      await fs.rename(from, to)
    },
    createLink: async (file, target) => {
      requireTemporary(file)
      await fs.createLink(file, target)
    },
    remove: async file => {
      if ((await fs.lstat(file)) === undefined) return
      requireTemporary(file)
      await fs.remove(file)
    },
    removeEmptyDirectory: async file => {
      if ((await fs.lstat(file)) === undefined) return
      requireTemporary(file)
      await fs.removeEmptyDirectory(file)
    },
    removeTree: async file => {
      if ((await fs.lstat(file)) === undefined) return
      requireTemporary(file)
      await fs.removeTree(file)
    },
  }
}
