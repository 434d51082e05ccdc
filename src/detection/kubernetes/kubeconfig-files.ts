import type { Host } from '../../platform/host.ts'

/** The kubeconfig files, absolute: those of `KUBECONFIG`, or the one in the home directory. */
export function toKubeconfigFiles(host: Pick<Host, 'env' | 'path' | 'cwd' | 'userHome'>): string[] {
  const named = (host.env.KUBECONFIG ?? '').split(host.path.delimiter).filter(Boolean)
  if (named.length > 0) return named.map(file => host.path.resolve(host.cwd, file))
  return host.userHome === undefined ? [] : [host.path.join(host.userHome, '.kube', 'config')]
}
