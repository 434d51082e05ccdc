import { mkdir, symlink } from 'node:fs/promises'
import nodePath from 'node:path'
import { createTestHost, type TestHost, type TestHostOptions, temporaryDirectory } from '../test-host.ts'
import { writeFiles } from './python-venv.ts'

/** Where the kernel and container engines tell of devices: all of it is laid out by the test. */
const prefixes = ['/proc/driver', '/sys', '/dev', '/.dockerenv', '/run']

export interface PciDevice {
  readonly vendor: string
  readonly device: string
  /** PCI class, `0x030000`; a VGA controller unless said otherwise. */
  readonly class?: string
  /** Kernel driver that is bound to it. */
  readonly driver?: string
  /** Further attributes by relative path. */
  readonly attributes?: Record<string, string>
}

export interface KernelTree {
  /** By PCI address. */
  readonly pci?: Record<string, PciDevice>
  /** By absolute path. */
  readonly files?: Record<string, string>
  readonly host?: Omit<TestHostOptions, 'root'>
}

/** A Linux machine with these devices, and no others. */
export async function createMachine({ pci = {}, files = {}, host = {} }: KernelTree): Promise<TestHost> {
  const root = await temporaryDirectory()
  await writeFiles(root, { '/sys/bus/pci/devices/.keep': '', '/dev/null': '', ...files })
  for (const [address, device] of Object.entries(pci)) await layOutDevice(root, address, device)
  return createTestHost({ platform: 'linux', ...host, root: { directory: root, prefixes } })
}

async function layOutDevice(root: string, address: string, pci: PciDevice): Promise<void> {
  const directory = nodePath.join(root, 'sys/bus/pci/devices', address)
  await writeFiles(directory, {
    vendor: `${pci.vendor}\n`,
    device: `${pci.device}\n`,
    class: `${pci.class ?? '0x030000'}\n`,
    'power/runtime_status': 'active\n',
    ...pci.attributes,
  })
  if (pci.driver === undefined) return
  const driver = nodePath.join(root, 'sys/bus/pci/drivers', pci.driver)
  await mkdir(driver, { recursive: true })
  await symlink(nodePath.relative(directory, driver), nodePath.join(directory, 'driver'))
}
