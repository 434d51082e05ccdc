import { expect, test } from 'vitest'
import { readMachineFacts } from '../../src/dashboard/model/machine-facts.ts'
import type { Host } from '../../src/platform/host.ts'
import { createTestHost } from '../support/test-host.ts'

const debian = 'NAME="Debian GNU/Linux"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\n'
// As macOS 15 has it.
const plist = `<?xml version="1.0" encoding="UTF-8"?>
<plist version="1.0">
<dict>
	<key>ProductBuildVersion</key>
	<string>24B83</string>
	<key>ProductName</key>
	<string>macOS</string>
	<key>ProductVersion</key>
	<string>15.1</string>
</dict>
</plist>
`
const place = '/System/Library/CoreServices/SystemVersion.plist'

const systems: [what: string, platform: NodeJS.Platform, files: Record<string, string>, system: string][] = [
  ['in double quotes', 'linux', { '/etc/os-release': debian }, 'Debian GNU/Linux 12 (bookworm)'],
  ['in single quotes', 'linux', { '/etc/os-release': "PRETTY_NAME='Some Linux'" }, 'Some Linux'],
  ['without quotes', 'linux', { '/etc/os-release': 'PRETTY_NAME=Fedora\n' }, 'Fedora'],
  ['with what is escaped', 'linux', { '/etc/os-release': 'PRETTY_NAME="a \\"b\\" \\$"' }, 'a "b" $'],
  ['with control characters', 'linux', { '/etc/os-release': 'PRETTY_NAME="\x1b[31mred"' }, 'red'],
  ['the last of two', 'linux', { '/etc/os-release': 'PRETTY_NAME=a\nPRETTY_NAME=b\n' }, 'b'],
  ['where the vendor has it', 'linux', { '/usr/lib/os-release': debian }, 'Debian GNU/Linux 12 (bookworm)'],
  ['nowhere', 'linux', {}, 'Linux'],
  ['as an empty text', 'linux', { '/etc/os-release': 'PRETTY_NAME=""\n' }, 'Linux'],
  ['of macOS', 'darwin', { [place]: plist }, 'macOS 15.1'],
  ['of macOS, nowhere', 'darwin', {}, 'macOS'],
  ['of a system without such files', 'openbsd', {}, 'openbsd'],
]
test.each(systems)('the name of a system is read %s', async (_, platform, files, system) => {
  const host = await createTestHost({ platform })
  const readText: Host['fs']['readText'] = async path => files[path]
  const own = {
    ...host,
    fs: { ...host.fs, readText },
    processes: { ...host.processes, hostName: () => 'forge' },
    processorCount: () => 8,
  }
  expect(await readMachineFacts(own)).toEqual({ name: 'forge', system, cores: 8 })
})

test('files that cannot be read are none', async () => {
  const host = await createTestHost({ platform: 'linux' })
  const readText: Host['fs']['readText'] = () => Promise.reject(new Error('no'))
  expect((await readMachineFacts({ ...host, fs: { ...host.fs, readText } })).system).toBe('Linux')
})

test('this very machine has a name and a processor', async () => {
  const { name, cores } = await readMachineFacts(await createTestHost())
  expect(name).not.toBe('')
  expect(cores).toBeGreaterThan(0)
})
