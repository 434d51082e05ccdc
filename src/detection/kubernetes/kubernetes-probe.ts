import { pathProbe, withDetails } from '../path.ts'
import type { Probe } from '../probe.ts'
import { readCluster, readCurrentContext, toKubeconfigFiles } from './kubernetes.ts'

/** Present when kubectl is. Reads the current context from kubeconfig without starting kubectl. A deep probe queries the cluster. */
export const kubernetesProbe: Probe = {
  kind: 'kubernetes',
  detect: async (target, context) => {
    const program = target.program ?? 'kubectl'
    const finding = await pathProbe.detect({ ...target, program }, context)
    if (finding.status !== 'present') return finding
    const files = toKubeconfigFiles(context.host)
    const current = await readCurrentContext(files, context)
    const isQueried = context.mode === 'deep' && current !== undefined
    const cluster = isQueried ? await readCluster(program, files, target, context) : undefined
    return withDetails(finding, { context: current, cluster })
  },
}
