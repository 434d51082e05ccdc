import type { ProgramHost } from '../program-host.ts'

// Programs in /usr/bin that macOS forwards to the developer directory (xcode-select(1), "shims").
const stubs = new Set(
  (
    'ar as c++ c++filt c89 c99 cc clang clang++ clangd cpp ctags dsymutil dwarfdump flex flex++ g++ gcc git gm4 ' +
    'gnumake indent install_name_tool ld lex libtool lipo lldb lorder m4 make nm objdump otool pip3 python3 ranlib ' +
    'rpcgen size strings strip swift swiftc unifdef vtool xcodebuild yacc bison'
  ).split(' '),
)

/** Why a program of macOS is only a stub; undefined when it is none. Running such a stub opens a dialog. */
export async function describeAppleStub(path: string, host: ProgramHost): Promise<string | undefined> {
  if (host.platform !== 'darwin' || host.path.dirname(path) !== '/usr/bin') return undefined
  if (!stubs.has(host.path.basename(path)) || (await hasDeveloperDirectory(host))) return undefined
  return 'Xcode command line tools are not installed'
}

// What `xcode-select -p` looks at, in its order: the variable, the link that it writes, the default places.
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
