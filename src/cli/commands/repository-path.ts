import type { Host } from '../../platform/host.ts'

type PathHost = Pick<Host, 'path' | 'cwd' | 'env'>

/** Path of a file as people see it: below the working directory a relative one is shorter, and what editors link to. */
export function toShownPath(file: string, host: PathHost): string {
  const path = relativeTo(host.cwd, file, host)
  // A line that begins with `::` is a command to the runner of GitHub Actions.
  return path.startsWith('::') ? `.${host.path.sep}${path}` : path
}

/**
 * Path of a file in the repository, for services that show findings beside its lines: from the workspace of GitHub
 * Actions where the file is in one, else from the working directory; `/` stands between its parts.
 */
export function toRepositoryPath(file: string, host: PathHost): string {
  const workspace = host.env.GITHUB_WORKSPACE
  const inWorkspace = workspace ? relativeTo(workspace, file, host) : file
  const path = inWorkspace === file ? relativeTo(host.cwd, file, host) : inWorkspace
  return host.path.sep === '/' ? path : path.replaceAll(host.path.sep, '/')
}

// What is no path, like stdin, stays what it is.
function relativeTo(directory: string, file: string, { path }: PathHost): string {
  if (!path.isAbsolute(file)) return file
  const relative = path.relative(directory, file)
  return relative === '..' || relative.startsWith(`..${path.sep}`) || path.isAbsolute(relative)
    ? file
    : relative
}
