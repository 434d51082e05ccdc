import { toCleanText } from '../../lib/text/text.ts'
import type { Host } from '../../platform/host.ts'
import type { MachineFacts } from './dashboard-view.ts'

type MachineHost = Pick<Host, 'fs' | 'platform' | 'processes' | 'processorCount'>

/** Reads what machine this is: two small files at most, and no process is started. */
export async function readMachineFacts(host: MachineHost): Promise<MachineFacts> {
  return {
    name: toCleanText(host.processes.hostName()),
    system: toCleanText((await readSystemName(host)) ?? '') || (kernels[host.platform] ?? host.platform),
    cores: host.processorCount(),
  }
}

/** Names of kernels, where a system has no other. */
const kernels: Partial<Record<NodeJS.Platform, string>> = {
  linux: 'Linux',
  darwin: 'macOS',
  win32: 'Windows',
  freebsd: 'FreeBSD',
}

async function readSystemName({ fs, platform }: MachineHost): Promise<string | undefined> {
  const read = (path: string) => fs.readText(path, 64 * 1024).catch(() => undefined)
  if (platform === 'darwin')
    return parseSystemVersion((await read('/System/Library/CoreServices/SystemVersion.plist')) ?? '')
  // os-release(5): the second file counts only without the first.
  return parseOsRelease((await read('/etc/os-release')) ?? (await read('/usr/lib/os-release')) ?? '')
}

// os-release(5): `NAME=value` as shells read it, the last one counts. Escaped are only `"`, `$`, `\\` and a backtick.
function parseOsRelease(text: string): string | undefined {
  const [, double, single, bare] =
    text
      .split('\n')
      .map(line => /^PRETTY_NAME=(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|(\S*))\s*$/.exec(line))
      .findLast(match => match !== null) ?? []
  return double?.replace(/\\(.)/g, '$1') ?? single ?? bare
}

function parseSystemVersion(text: string): string | undefined {
  const value = (key: string) => new RegExp(`<key>${key}</key>\\s*<string>([^<]*)</string>`).exec(text)?.[1]
  const version = value('ProductVersion')
  return version === undefined ? undefined : `${value('ProductName') ?? 'macOS'} ${version}`
}
