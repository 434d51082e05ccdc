/** Package managers that an `install` hint may name. */
export const packageManagers = ['apt', 'brew', 'dnf', 'pacman', 'pip', 'npm', 'winget'] as const

export type PackageManager = (typeof packageManagers)[number]

interface PackageNames {
  readonly pattern: RegExp
  /** Completes "expected". */
  readonly expected: string
}

// pip and npm read a name with such an ending as a file of the working directory.
const archives = ['zip', 'whl', 'tar', 'tgz', 'tbz', 'txz', 'tlz', 'gz', 'bz2', 'xz', 'lz', 'lzma']
const noArchive = `(?!.*[.](?:${archives.map(toAnyCase).join('|')})(?:\\[|$))`

// JSON Schema knows no flags.
function toAnyCase(word: string): string {
  return Array.from(word, letter => `[${letter}${letter.toUpperCase()}]`).join('')
}

/**
 * What each manager calls a package. No version, address, path or option is one: a name is put behind a command that
 * people paste. `name-` is a removal for apt.
 */
export const packageNames: Readonly<Record<PackageManager, PackageNames>> = {
  apt: { pattern: /^[a-z0-9][a-z0-9+.-]{0,126}[a-z0-9+]$/, expected: 'a package of apt like docker.io' },
  brew: {
    pattern:
      /^(?:[A-Za-z0-9][A-Za-z0-9_-]{0,38}\/[A-Za-z0-9][A-Za-z0-9_-]{0,63}\/)?[a-z0-9][a-z0-9+._-]{0,63}(?:@[0-9a-z][0-9a-z.]{0,31})?$/,
    expected: 'a formula of Homebrew like python@3.13 or hashicorp/tap/terraform',
  },
  dnf: { pattern: /^[A-Za-z0-9][A-Za-z0-9+._-]{0,127}$/, expected: 'a package of dnf like moby-engine' },
  pacman: { pattern: /^[a-z0-9][a-z0-9@+._-]{0,127}$/, expected: 'a package of pacman like docker' },
  pip: {
    pattern: new RegExp(
      `^${noArchive}[A-Za-z0-9](?:[A-Za-z0-9._-]{0,126}[A-Za-z0-9])?(?:\\[[A-Za-z0-9][A-Za-z0-9._-]{0,63}(?:,[A-Za-z0-9][A-Za-z0-9._-]{0,63}){0,7}\\])?$`,
    ),
    expected: 'a package of PyPI like torch or uvicorn[standard]',
  },
  npm: {
    pattern: new RegExp(`^${noArchive}(?:@[a-z0-9][a-z0-9._-]{0,63}/)?[a-z0-9][a-z0-9._-]{0,127}$`),
    expected: 'a package of npm like typescript or @angular/cli',
  },
  winget: { pattern: /^[A-Za-z0-9][A-Za-z0-9+._-]{0,127}$/, expected: 'an id of winget like Git.Git' },
}

/** Whether a text is what a manager calls a package. */
export function isPackageName(manager: PackageManager, name: string): boolean {
  return packageNames[manager].pattern.test(name)
}
