import type { ProbeKind } from '../registry/schema/detectable.ts'
import { commandProbe } from './command.ts'
import { gpuProbe } from './gpu/gpu-probe.ts'
import { kubernetesProbe } from './kubernetes/kubernetes-probe.ts'
import { pathProbe } from './path.ts'
import type { Probe } from './probe.ts'
import { pythonProbe } from './python/python-probe.ts'
import { tpuProbe } from './tpu/tpu.ts'

/** The built-in probes by kind. */
export const probes: Readonly<Record<ProbeKind, Probe>> = {
  path: pathProbe,
  command: commandProbe,
  python: pythonProbe,
  gpu: gpuProbe,
  tpu: tpuProbe,
  kubernetes: kubernetesProbe,
}
