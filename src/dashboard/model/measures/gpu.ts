import { createCommandRunner } from '../../../detection/command-runner.ts'
import { findTool } from '../../../detection/gpu/find-tool.ts'
import { type Survey, takeSurvey } from '../../../detection/gpu/survey.ts'
import type { RunCommand } from '../../../detection/probe.ts'
import { createProgramFinder } from '../../../detection/programs/program-finder.ts'
import type { Host } from '../../../platform/host.ts'
import type { Measure } from '../sampler.ts'
import type { MetricSample } from '../samples.ts'
import type { CreateMeasure } from './create-measure.ts'
import { type GpuUsage, readAmdUsage, readNvidiaUsage, sumUsages } from './gpu-usage.ts'
import { listMeasuredMetrics } from './measured-metrics.ts'
import { type InUnit, toShare } from './to-unit.ts'

const gpuReaders: Readonly<Record<string, (usage: GpuUsage) => InUnit | number>> = {
  gpu_utilization: ({ busy, reason }) => busy ?? { value: null, reason: reason ?? gpuUnknown },
  gpu_memory_percent: ({ memory, reason }) => memory ?? { value: null, reason: reason ?? gpuUnknown },
}

const gpuUnknown = 'its driver does not tell'

/** How busy the GPUs are on average, and how much of their memory is taken, all together. */
export const createGpuMeasure: CreateMeasure = (_, host): Measure => {
  return async snapshot => {
    const wanted = listMeasuredMetrics(snapshot).filter(({ id }) => Object.hasOwn(gpuReaders, id))
    if (wanted.length === 0) return new Map()
    const usage = await readUsage(host)
    const at = host.clock.now()
    return new Map(
      wanted.map(({ id, entry }): [string, MetricSample] => {
        const read = gpuReaders[id]?.(usage) ?? { value: null, reason: gpuUnknown }
        return [`metric/${id}`, { at, ...(typeof read === 'number' ? toShare(read, entry.unit) : read) }]
      }),
    )
  }
}

async function readUsage(host: Host): Promise<GpuUsage> {
  const survey = await takeSurvey(host)
  if (survey === undefined) return { reason: 'the kernel did not say within 1 s which GPUs there are' }
  if (host.platform === 'darwin') return { reason: 'macOS tells nobody but root how busy its GPU is' }
  const runner = createCommandRunner(1, host)
  try {
    const usages = await Promise.all([askNvidia(survey, runner.run, host), readAmdUsage(survey, host)])
    return sumUsages(usages.flat(), survey)
  } finally {
    await runner.dispose()
  }
}

/** Nothing is started without a sign of a device, and no GPU is woken: as the probe has it. */
async function askNvidia(survey: Survey, run: RunCommand, host: Host): Promise<GpuUsage[]> {
  const devices = survey.devices.filter(({ vendor }) => vendor === 'nvidia')
  const nodes = survey.nodes.filter(node => /nvidia|nvhost|nvgpu|dxg/.test(node))
  if (survey.isReadable && devices.length === 0 && nodes.length === 0) return []
  if (survey.isContainer && survey.isReadable && nodes.length === 0) {
    return [{ reason: 'the device files of its NVIDIA GPU (/dev/nvidia*) are not in this container' }]
  }
  if (devices.some(({ isAsleep }) => isAsleep)) return [{ reason: 'its NVIDIA GPU is asleep, and not woken' }]
  const tool = await findTool('nvidia-smi', ['/usr/lib/wsl/lib'], {
    programs: createProgramFinder(host),
    host,
  })
  if (tool !== undefined) return readNvidiaUsage(tool.path, run)
  return devices.length + nodes.length === 0 ? [] : [{ reason: 'there is no nvidia-smi that would tell' }]
}
