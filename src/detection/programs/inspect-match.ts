import { isShortage, systemErrorCode } from '../../lib/errors.ts'
import { limits } from '../../lib/limits.ts'
import type { Deadline } from '../../platform/deadline.ts'
import type { ProgramFile } from '../../platform/host.ts'
import { type ProgramHost, toFileIdentity } from '../probe.ts'
import type { PathMatch } from './path-directory.ts'
import { asdf } from './shims/asdf.ts'
import { corepack } from './shims/corepack.ts'
import { mise } from './shims/mise.ts'
import { rbenvFamily } from './shims/rbenv-family.ts'
import { rustup } from './shims/rustup.ts'
import type { Shim, ShimResolver, ShimResult } from './shims/shim.ts'
import { snap } from './shims/snap.ts'
import { terraformFamily } from './shims/terraform-family.ts'
import { volta } from './shims/volta.ts'

/** A program that may be executed. */
export interface Usable {
  readonly kind: 'usable'
  readonly path: string
  readonly realPath: string
  readonly size: number
  readonly identity: string
}

/** What stands at a place on PATH. */
export type MatchResult =
  | Usable
  | { readonly kind: 'passed-over'; readonly path: string; readonly why: string }
  | { readonly kind: 'broken'; readonly path: string; readonly reason: string }
  | {
      readonly kind: 'shim'
      readonly path: string
      readonly manager: string
      readonly result: ShimResult
    }

/** Looks at one match: a program, a shim, something broken, or nothing that can be executed. */
export async function inspectMatch(
  match: PathMatch,
  deadline: Deadline,
  host: ProgramHost,
): Promise<MatchResult> {
  const inspected = await deadline(inspect(match, host))
  return inspected ?? passOver(match.path, `did not respond within ${limits.directoryTimeoutMs} ms`)
}

async function inspect(match: PathMatch, host: ProgramHost): Promise<MatchResult> {
  const { path, directory, name } = match
  if (await isStoreStub(path, host)) {
    return { kind: 'broken', path, reason: 'it is a stub of the Windows Store that only opens the store' }
  }
  if (directory.isOpenToAll) return passOver(path, 'lies in a directory that everybody may write to')
  const usable = await inspectFile(path, host)
  if (usable.kind !== 'usable') return usable
  const stub = await describeAppleStub(path, host)
  if (stub !== undefined) return { kind: 'broken', path, reason: stub }
  const shim = await resolveShim({ name, path, realPath: usable.realPath }, host)
  return shim ? { kind: 'shim', path, ...shim } : usable
}

/** Whether the file at a path may be executed, and who it is. */
export async function inspectFile(
  path: string,
  host: ProgramHost,
): Promise<Usable | Extract<MatchResult, { kind: 'passed-over' }>> {
  try {
    const file = await host.fs.examineProgram(path)
    if (file === undefined) return passOver(path, await describeAbsence(path, host))
    const defect = describeDefect(file)
    if (defect !== undefined) return passOver(path, defect)
    const { info, realPath } = file
    return { kind: 'usable', path, realPath, size: info.size, identity: toFileIdentity(realPath, info) }
  } catch (error) {
    // It proves nothing: the program may be there.
    if (isShortage(error)) throw error
    const code = systemErrorCode(error)
    return passOver(path, code === 'ELOOP' ? 'is a link in a circle' : `cannot be read (${code ?? error})`)
  }
}

function describeDefect({ info, isExecutable }: ProgramFile): string | undefined {
  if (info.kind === 'directory') return 'is a directory'
  if (info.kind !== 'file') return 'is not a regular file'
  return isExecutable ? undefined : 'is not executable by this user'
}

async function describeAbsence(path: string, host: ProgramHost): Promise<string> {
  return (await host.fs.lstat(path)) ? 'is a link that leads nowhere' : 'is not there'
}

function passOver(path: string, why: string): Extract<MatchResult, { kind: 'passed-over' }> {
  return { kind: 'passed-over', path, why }
}

// Programs in /usr/bin that macOS forwards to the developer directory (xcode-select(1), "shims").
const stubs = new Set(
  (
    'ar as c++ c++filt c89 c99 cc clang clang++ clangd cpp ctags dsymutil dwarfdump flex flex++ g++ gcc git gm4 ' +
    'gnumake indent install_name_tool ld lex libtool lipo lldb lorder m4 make nm objdump otool pip3 python3 ranlib ' +
    'rpcgen size strings strip swift swiftc unifdef vtool xcodebuild yacc bison'
  ).split(' '),
)

/** Why a program of macOS is only a stub; undefined when it is none. Running such a stub opens a dialog. */
async function describeAppleStub(path: string, host: ProgramHost): Promise<string | undefined> {
  if (host.platform !== 'darwin' || host.path.dirname(path) !== '/usr/bin') return undefined
  if (!stubs.has(host.path.basename(path)) || (await hasDeveloperDirectory(host))) return undefined
  return 'Xcode command line tools are not installed'
}

// The places of `xcode-select -p` in its order: the variable, the link that it writes, the default places.
async function hasDeveloperDirectory(host: ProgramHost): Promise<boolean> {
  const places = [
    host.env.DEVELOPER_DIR,
    '/var/db/xcode_select_link',
    '/Applications/Xcode.app/Contents/Developer',
    '/Library/Developer/CommandLineTools',
  ]
  for (const place of places) {
    const info = place ? await host.fs.stat(place).catch(() => undefined) : undefined
    if (info?.kind === 'directory') return true
  }
  return false
}

/**
 * Whether it is an app execution alias of Windows: an empty file under WindowsApps that opens the store when the app
 * is not installed. WSL sees the same files under /mnt/c.
 */
async function isStoreStub(path: string, host: ProgramHost): Promise<boolean> {
  if (!/[\\/]Microsoft[\\/]WindowsApps[\\/][^\\/]*$/i.test(path)) return false
  const info = await host.fs.lstat(path).catch(() => undefined)
  // An alias is a reparse point that some systems cannot stat at all.
  return info === undefined || (info.kind !== 'directory' && info.size === 0)
}

const resolvers: readonly ShimResolver[] = [
  rbenvFamily,
  asdf,
  mise,
  volta,
  snap,
  rustup,
  terraformFamily,
  corepack,
]

/** What a shim leads to; undefined when the program is no shim of any known version manager. */
export async function resolveShim(
  shim: Shim,
  host: ProgramHost,
): Promise<{ manager: string; result: ShimResult } | undefined> {
  for (const resolver of resolvers) {
    const resolved = await resolver.resolve(shim, host)
    if (resolved) return resolved
  }
  return undefined
}
