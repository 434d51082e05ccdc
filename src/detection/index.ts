import { commandProbe } from './command.ts'
import { gpuProbe } from './gpu.ts'
import { kubernetesProbe } from './kubernetes.ts'
import { pathProbe } from './path.ts'
import type { Probe, ProbeKind } from './probe.ts'
import { pythonProbe } from './python.ts'
import { tpuProbe } from './tpu.ts'

/** The built-in probes by kind. */
export const probes: Readonly<Record<ProbeKind, Probe>> = {
  path: pathProbe,
  command: commandProbe,
  python: pythonProbe,
  gpu: gpuProbe,
  tpu: tpuProbe,
  kubernetes: kubernetesProbe,
}
