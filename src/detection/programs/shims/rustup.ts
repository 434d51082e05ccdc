import { isJsonObject } from '../../../lib/json/json-value.ts'
import type { ProgramHost } from '../../probe.ts'
import {
  isVersionName,
  parseToml,
  readSmall,
  type Shim,
  type ShimResolver,
  type ShimResult,
  type ShimStep,
  toAncestors,
} from './shim.ts'

// `TOOLS` and `DUP_TOOLS` of rustup, src/dist/component and src/lib.rs.
const proxies: ReadonlySet<string> = new Set(
  (
    'cargo cargo-clippy cargo-fmt cargo-miri clippy-driver rls rust-analyzer rust-gdb rust-gdbgui rust-lldb rustc ' +
    'rustdoc rustfmt'
  ).split(' '),
)

interface Choice {
  readonly toolchain: string
  readonly origin: string
}

interface Settings {
  readonly defaultToolchain: string | undefined
  readonly hostTriple: string | undefined
  readonly overrides: ReadonlyMap<string, string>
}

/**
 * rustup: `cargo`, `rustc` and the like are links or hard links to rustup, which starts those of the toolchain that
 * `RUSTUP_TOOLCHAIN`, an override, `rust-toolchain.toml` or the default chooses (the rustup book, "Overrides").
 */
export const rustup: ShimResolver = {
  async resolve(shim, host) {
    if (!proxies.has(shim.name) || !(await isProxy(shim, host))) return undefined
    return { manager: 'rustup', result: await resolveToolchain(shim, host) }
  },
}

async function isProxy(shim: Shim, host: ProgramHost): Promise<boolean> {
  const { basename, dirname, join } = host.path
  if (/^rustup(?:-init)?(?:\.exe)?$/.test(basename(shim.realPath))) return true
  const [own, rustup] = await Promise.all(
    [shim.realPath, join(dirname(shim.realPath), host.platform === 'win32' ? 'rustup.exe' : 'rustup')].map(
      path => host.fs.stat(path).catch(() => undefined),
    ),
  )
  if (own === undefined || rustup === undefined) return false
  return (
    own.size === rustup.size && (own.inode === rustup.inode || own.device !== rustup.device || own.size > 1e6)
  )
}

async function resolveToolchain(shim: Shim, host: ProgramHost): Promise<ShimResult> {
  const { join } = host.path
  const home =
    host.env.RUSTUP_HOME || (host.userHome === undefined ? undefined : join(host.userHome, '.rustup'))
  if (home === undefined) return unclear('the home directory of rustup is not known', false)
  const toolchains = join(home, 'toolchains')
  const installed = await host.fs.list(toolchains).catch(() => [])
  const settings = await readSettings(home, host)
  if (settings === 'unreadable')
    return unclear(`${join(home, 'settings.toml')} cannot be read`, installed.length > 0)
  const choice = await findChoice(settings, host)
  if (choice === undefined) {
    const reason = 'rustup: no toolchain is chosen, and no default one is configured'
    return { steps: [], reason }
  }
  const { toolchain, origin } = choice
  const set = `toolchain ${toolchain} (set by ${origin})`
  if (!isVersionName(toolchain)) return unclear(`${set} is not followed`, installed.length > 0)
  const directory = findToolchain(toolchain, settings, installed)
  if (directory === undefined) return unclear(`${set} is not installed: rustup may install it`, false)
  const program = join(
    toolchains,
    directory,
    'bin',
    host.platform === 'win32' ? `${shim.name}.exe` : shim.name,
  )
  const steps: ShimStep[] = [program]
  return {
    steps,
    reason: `rustup: ${shim.name} is not installed for the toolchain ${directory} (set by ${origin})`,
  }
}

function unclear(why: string, isRunnable: boolean): ShimResult {
  return { steps: [{ unclear: `rustup: ${why}`, isRunnable }], reason: `rustup: ${why}` }
}

// A toolchain is named with or without the machine that it is for.
function findToolchain(
  toolchain: string,
  settings: Settings,
  installed: readonly string[],
): string | undefined {
  if (installed.includes(toolchain)) return toolchain
  const { hostTriple } = settings
  if (hostTriple !== undefined) {
    const full = `${toolchain}-${hostTriple}`
    return installed.find(name => name === full)
  }
  const candidates = installed.filter(
    name =>
      name.startsWith(`${toolchain}-`) && /^[a-z0-9_]+-[a-z]+-[a-z]+/.test(name.slice(toolchain.length + 1)),
  )
  return candidates.length === 1 ? candidates[0] : undefined
}

async function findChoice(settings: Settings, host: ProgramHost): Promise<Choice | undefined> {
  const variable = host.env.RUSTUP_TOOLCHAIN
  if (variable) return { toolchain: variable, origin: 'RUSTUP_TOOLCHAIN environment variable' }
  for (const directory of toAncestors(host.cwd, host)) {
    const override = settings.overrides.get(directory)
    if (override !== undefined) return { toolchain: override, origin: `an override for ${directory}` }
    const chosen = await readToolchainFile(directory, host)
    if (chosen === 'default') break
    if (chosen) return chosen
  }
  const { defaultToolchain } = settings
  return defaultToolchain === undefined ? undefined : { toolchain: defaultToolchain, origin: 'the default' }
}

// A file without a channel only adds components to the default toolchain.
async function readToolchainFile(
  directory: string,
  host: ProgramHost,
): Promise<Choice | 'default' | undefined> {
  for (const name of ['rust-toolchain', 'rust-toolchain.toml']) {
    const origin = host.path.join(directory, name)
    const text = await readSmall(origin, host)
    if (text === undefined) continue
    const lines = text.trim().split(/\r?\n/)
    // The older form: nothing but a name. Only the file without an ending may have it.
    if (name === 'rust-toolchain' && lines.length === 1 && !/[[=]/.test(text)) {
      return { toolchain: text.trim(), origin }
    }
    const document = await parseToml(text)
    const section = isJsonObject(document) ? document.toolchain : undefined
    if (!isJsonObject(section)) return { toolchain: '', origin }
    const { channel, path } = section
    if (path !== undefined) return { toolchain: `path ${String(path)}/`, origin }
    return typeof channel === 'string' ? { toolchain: channel, origin } : 'default'
  }
  return undefined
}

async function readSettings(home: string, host: ProgramHost): Promise<Settings | 'unreadable'> {
  const text = await readSmall(host.path.join(home, 'settings.toml'), host)
  const fallback = text === undefined ? await readSmall('/etc/rustup/settings.toml', host) : undefined
  const document = await parseToml(text ?? fallback ?? '')
  if (!isJsonObject(document)) return 'unreadable'
  const { default_toolchain: defaultToolchain, default_host_triple: hostTriple, overrides } = document
  const entries = isJsonObject(overrides) ? Object.entries(overrides) : []
  return {
    defaultToolchain: toText(defaultToolchain),
    hostTriple: toText(hostTriple),
    overrides: new Map(
      entries.flatMap(([path, name]) => (typeof name === 'string' ? [[path, name] as const] : [])),
    ),
  }
}

function toText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' && value !== 'none' ? value : undefined
}
