import { readCluster } from './kubernetes/cluster.ts'
import { readCurrentContext } from './kubernetes/current-context.ts'
import { toKubeconfigFiles } from './kubernetes/kubeconfig-files.ts'
import { pathProbe, withDetails } from './path.ts'
import type { Probe } from './probe.ts'

/** Present when kubectl is. The current context is read from kubeconfig, never from running kubectl. */
export const kubernetesProbe: Probe = {
  kind: 'kubernetes',
  detect: async (target, context) => {
    const program = target.program ?? 'kubectl'
    const finding = await pathProbe.detect({ ...target, program }, context)
    if (finding.status !== 'present') return finding
    const files = toKubeconfigFiles(context.host)
    const current = await readCurrentContext(files, context)
    const isAsked = context.mode === 'deep' && current !== undefined
    const cluster = isAsked ? await readCluster(program, files, target, context) : undefined
    return withDetails(finding, { context: current, cluster })
  },
}
