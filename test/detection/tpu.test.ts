import { describe, expect, test } from 'vitest'
import type { Finding } from '../../src/detection/probe.ts'
import { tpuProbe } from '../../src/detection/tpu/tpu.ts'
import { createProbeContext, createTarget } from '../support/probe-context.ts'
import { createMachine, type KernelTree } from '../support/processes/kernel-tree.ts'

async function find(machine: KernelTree): Promise<Finding> {
  const context = await createProbeContext(await createMachine(machine))
  return tpuProbe.detect(createTarget({ kind: 'tpu' }), context)
}

const chip = (device: string, subsystem = '0x0000') => ({
  vendor: '0x1ae0',
  device,
  class: '0xff0000',
  attributes: { subsystem_device: `${subsystem}\n` },
})

describe('a Cloud TPU', () => {
  // jax/_src/hardware_utils.py and tpu_info/device.py of cloud-accelerator-diagnostics.
  test.each([
    ['0x0027', '0x004e', 'v2', '/dev/accel0'],
    ['0x0027', '0x004f', 'v3', '/dev/accel0'],
    ['0x005e', '0x0000', 'v4', '/dev/accel0'],
    ['0x0062', '0x0000', 'v5p', '/dev/vfio/0'],
    ['0x0063', '0x0000', 'v5e', '/dev/vfio/0'],
    ['0x006f', '0x0000', 'v6e', '/dev/vfio/0'],
    ['0x0076', '0x0000', 'tpu7x', '/dev/vfio/0'],
  ])('of number %s/%s is %s', async (device, subsystem, type, node) => {
    const finding = await find({ pci: { '0000:00:05.0': chip(device, subsystem) }, files: { [node]: '' } })
    expect(finding).toMatchObject({
      status: 'present',
      path: '/sys/bus/pci/devices/0000:00:05.0',
      evidence: 'sysfs',
      version: null,
      details: { type, count: 1 },
    })
  })

  test('of eight chips in a container that was given four has four', async () => {
    const addresses = ['04', '05', '06', '07', '08', '09', '0a', '0b'].map(slot => `0000:00:${slot}.0`)
    const pci = Object.fromEntries(addresses.map(address => [address, chip('0x0063')]))
    const files = {
      '/dev/vfio/0': '',
      '/dev/vfio/1': '',
      '/dev/vfio/2': '',
      '/dev/vfio/3': '',
      '/dev/vfio/vfio': '',
    }
    const finding = await find({ pci, files })
    expect(finding).toMatchObject({ status: 'present', details: { count: 4 } })
    expect(finding.reason).toContain('not given to this container')
  })

  test('without device files is broken', async () => {
    const finding = await find({ pci: { '0000:00:05.0': chip('0x0063') }, files: { '/dev/vfio/vfio': '' } })
    expect(finding.status).toBe('broken')
    expect(finding.reason).toContain('/dev/vfio/*')
  })

  test('has the name of TPU_NAME', async () => {
    const env = { TPU_NAME: 'node-1' }
    const machine = { pci: { '0000:00:05.0': chip('0x005e') }, files: { '/dev/accel0': '' }, host: { env } }
    expect((await find(machine)).details).toMatchObject({ tpu_name: 'node-1' })
  })
})

describe('a Coral Edge TPU', () => {
  const coral = { vendor: '0x1ac1', device: '0x089a', class: '0x088000' }

  test('on the PCI bus is present with its device file', async () => {
    const finding = await find({ pci: { '0000:03:00.0': coral }, files: { '/dev/apex_0': '' } })
    expect(finding).toMatchObject({ status: 'present', details: { type: 'coral', count: 1 } })
  })

  test('on the PCI bus is broken without its driver', async () => {
    const finding = await find({ pci: { '0000:03:00.0': coral }, files: { '/dev/accel0': '' } })
    expect(finding).toMatchObject({ status: 'broken' })
    expect(finding.reason).toContain('/dev/apex_*')
  })

  test.each([
    ['before its firmware is loaded', '1a6e', '089a'],
    ['with its firmware', '18d1', '9302'],
  ])('on USB is present %s', async (_name, vendor, product) => {
    const device = '/sys/bus/usb/devices/2-1'
    const files = { [`${device}/idVendor`]: `${vendor}\n`, [`${device}/idProduct`]: `${product}\n` }
    expect(await find({ files })).toMatchObject({
      status: 'present',
      path: device,
      details: { type: 'coral-usb' },
    })
  })
})

describe('no TPU', () => {
  test.each([
    ['nothing', {}],
    ["Google's network card", { pci: { '0000:00:04.0': { ...chip('0x0042'), class: '0x020000' } } }],
    ['a device that is passed through', { files: { '/dev/vfio/12': '', '/dev/accel0': '' } }],
  ])('is found where there is %s', async (_name, machine) => {
    expect(await find(machine)).toEqual({
      status: 'absent',
      path: null,
      version: null,
      evidence: null,
      reason: 'there is no TPU',
    })
  })

  test('is here where TPU_NAME names one elsewhere', async () => {
    const finding = await find({ host: { env: { TPU_NAME: 'node-1' } } })
    expect(finding).toMatchObject({
      status: 'absent',
      reason: 'there is no TPU; TPU_NAME names one elsewhere',
    })
  })
})
