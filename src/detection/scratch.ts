import type { Host } from '../platform/host.ts'
import type { ScratchDirectories } from './probe-environment.ts'
import { ownerName, scratchNames, scratchPath } from './sweep-scratch.ts'

export interface Scratch extends ScratchDirectories {
  /** Holds all the others. */
  readonly root: string
  /** Empty, to run in: nothing in it can stand in for anything. */
  readonly cwd: string
}

type ScratchHost = Pick<Host, 'env' | 'fs' | 'path' | 'clock' | 'processes' | 'randomName' | 'userHome'>

/**
 * What version managers and installers keep in a home and programs need to find themselves, and what says which of
 * several versions runs. All else is left out, so that no program finds its own directories to write to.
 */
const linked: readonly string[] = [
  ...['.cargo', '.rustup', '.juliaup', '.julia/juliaup', '.ghcup', '.elan', '.opam', '.swiftly'],
  ...[
    '.asdf',
    '.proto',
    '.vfox',
    '.volta',
    '.nvm',
    '.nodenv',
    '.sdkman',
    '.jenv',
    '.jabba',
    '.gvm',
    '.goenv',
  ],
  ...[
    '.pyenv',
    '.rbenv',
    '.rvm',
    '.gem',
    '.tfenv',
    '.tgenv',
    '.tenv',
    '.phpenv',
    '.plenv',
    '.luaenv',
    '.dvm',
  ],
  ...['.bun', '.deno', '.nix-profile', '.linuxbrew', '.local/lib', '.local/opt', '.local/pipx'],
  ...['.cache/bazelisk', '.cache/node/corepack', 'Library/Caches/bazelisk', 'Library/Python'],
  ...['.keras/keras.json', '.asdfrc', '.nvmrc', '.sdkmanrc', '.terraform-version', '.opentofu-version'],
  ...['.tool-versions', '.node-version', '.python-version', '.ruby-version', '.java-version', '.go-version'],
]

/** The same, in the directories that `XDG_*` may name. */
const linkedBelow = [
  {
    variable: 'XDG_DATA_HOME',
    fallback: '.local/share',
    names: ['aquaproj-aqua', 'fnm', 'gem', 'mise', 'pipx', 'pypoetry', 'rtx', 'uv'],
  },
  { variable: 'XDG_CONFIG_HOME', fallback: '.config', names: ['mise', 'asdf'] },
  { variable: 'XDG_STATE_HOME', fallback: '.local/state', names: ['mise', 'nix'] },
] as const

/** Makes the directories that commands run in and write to, instead of those of the user. */
export async function createScratch(host: ScratchHost): Promise<Scratch> {
  const { fs, path } = host
  const root = scratchPath(host.randomName(), host)
  const scratch = {
    root,
    cwd: path.join(root, scratchNames.cwd),
    home: path.join(root, scratchNames.home),
    temporary: path.join(root, scratchNames.temporary),
    runtime: path.join(root, scratchNames.runtime),
  }
  // First of all, so that another run does not take it for a leftover.
  await fs.makeDirectory(path.join(root, await ownerName(host)), 0o700)
  for (const directory of Object.values(scratch)) await fs.makeDirectory(directory, 0o700)
  for (const { name, target } of toLinks(host)) {
    // What this user may not look at, no command of this user needs.
    if ((await fs.lstat(target).catch(() => undefined)) === undefined) continue
    const link = path.join(scratch.home, name)
    await fs.makeDirectory(path.dirname(link), 0o700)
    await fs.createLink(link, target)
  }
  return scratch
}

function toLinks({ env, path, userHome }: ScratchHost): { name: string; target: string }[] {
  if (userHome === undefined || !path.isAbsolute(userHome)) return []
  const ofHome = linked.map(name => ({ name, target: path.join(userHome, name) }))
  const ofOthers = linkedBelow.flatMap(({ variable, fallback, names }) => {
    const configured = env[variable]
    const base = configured && path.isAbsolute(configured) ? configured : path.join(userHome, fallback)
    return names.map(name => ({ name: path.join(fallback, name), target: path.join(base, name) }))
  })
  return [...ofHome, ...ofOthers]
}
