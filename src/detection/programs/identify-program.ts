import type { ProgramHost } from '../probe.ts'
import { inspectFile, type Usable } from './inspect-match.ts'
import { findScriptInputs } from './script-inputs.ts'
import { resolveShim } from './shims/index.ts'

/** Who a program is, and whether that changes with its version. */
export interface ProgramIdentity {
  readonly identity: string
  readonly isStable: boolean
}

/** Scripts that are larger do more than to start something else. */
const largestScript = 64 * 1024

/** Scripts that start scripts are followed this far. */
const mostLevels = 4

/**
 * Who a program is. A file that starts something else is described together with that, as far as it can be known, since
 * it stays the same while the other one is upgraded.
 */
export async function identifyProgram(program: Usable, host: ProgramHost): Promise<ProgramIdentity> {
  const inputs = await findInputs(program, mostLevels, host)
  const identity = toNamedIdentity(program, host)
  if (inputs === undefined) return { identity, isStable: false }
  return { identity: [identity, ...new Set(inputs)].join('\n'), isStable: true }
}

/** Who a manager's launcher is that has to be executed itself; undefined when it is not there any more. */
export async function identifyLauncher(
  { path }: { readonly path: string },
  leadsTo: string | undefined,
  host: ProgramHost,
): Promise<ProgramIdentity | undefined> {
  const program = await inspectFile(path, host)
  if (program.kind !== 'usable') return undefined
  const identity = toNamedIdentity(program, host)
  return leadsTo === undefined
    ? { identity, isStable: false }
    : { identity: `${identity}\n${leadsTo}`, isStable: true }
}

// One file that is many programs is another one by each of its names.
function toNamedIdentity({ path, realPath, identity }: Usable, host: ProgramHost): string {
  const name = host.path.basename(path)
  return name === host.path.basename(realPath) ? identity : `${identity} ${name}`
}

async function findInputs(
  program: Usable,
  levels: number,
  host: ProgramHost,
): Promise<readonly string[] | undefined> {
  const { path, realPath, size } = program
  const text = size <= largestScript ? await readScript(realPath, host) : undefined
  if (text === undefined) return (await isOneProgram(path, realPath, host)) ? [] : undefined
  const describeProgram = (started: string) => describeStarted(started, levels - 1, host)
  return findScriptInputs({ path, realPath, text }, describeProgram, host)
}

async function readScript(path: string, host: ProgramHost): Promise<string | undefined> {
  const text = await host.fs.readText(path, largestScript).catch(() => undefined)
  return text?.startsWith('#!') ? text : undefined
}

async function describeStarted(
  path: string,
  levels: number,
  host: ProgramHost,
): Promise<readonly string[] | undefined> {
  if (levels <= 0) return undefined
  const program = await inspectFile(path, host)
  if (program.kind !== 'usable') return [`${path} ${program.why}`]
  const name = host.path.basename(path)
  if (await resolveShim({ name, path, realPath: program.realPath }, host)) return undefined
  const inputs = await findInputs(program, levels, host)
  return inputs && [toNamedIdentity(program, host), ...inputs]
}

/** Programs that work without starting others. */
const multiCall = /^(?:busybox|toybox|coreutils|k3s|rke2|uutils)(?:[.-].*)?$/

/**
 * Whether a binary is the program that it is called as. One that goes by a name that is not its own, or that lies among
 * shims, may be a launcher that starts another program. Alternatives of Debian and the like are chosen by links alone.
 */
async function isOneProgram(path: string, realPath: string, host: ProgramHost): Promise<boolean> {
  const { basename, dirname } = host.path
  if (/\.(?:cmd|bat|ps1)$/i.test(realPath) || basename(dirname(path)) === 'shims') return false
  const [name, own] = [basename(path), basename(realPath)].map(text => text.replace(/\.exe$/i, ''))
  if (name === undefined || own === undefined || isNamedAfter(name, own) || multiCall.test(own)) return true
  return leadsThroughAlternatives(path, host)
}

// `python3.11` is a `python3`, `jq-linux-amd64` a `jq`, `x86_64-linux-gnu-gcc-12` a `gcc`, `.git-wrapped` a `git`.
function isNamedAfter(name: string, own: string): boolean {
  if (name === own) return true
  const bare = own.replace(/^\./, '')
  const start = bare.startsWith(name) ? 0 : bare.indexOf(`-${name}`) + 1
  if (start === 0 && !bare.startsWith(name)) return false
  const rest = bare.slice(start + name.length)
  return /^(?:[-_.]?v?\d[\w.+-]*|[-_.](?:linux|darwin|macos|windows|x86_64|amd64|i?[36]86|arm|aarch64|musl|gnu|static|real|bin|wrapped|unwrapped)\b.*|)$/i.test(
    rest.replaceAll('_', '-'),
  )
}

async function leadsThroughAlternatives(path: string, host: ProgramHost): Promise<boolean> {
  let place = path
  for (let links = 0; links < 16; links++) {
    const link = await host.fs.readLink(place).catch(() => undefined)
    if (link === undefined) return false
    place = host.path.resolve(host.path.dirname(place), link)
    if (/^\/(?:etc|var\/lib\/dpkg)\/alternatives\//.test(place)) return true
  }
  return false
}
