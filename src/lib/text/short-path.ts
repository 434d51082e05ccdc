/** A path for people: `~` stands for the home directory of the user. */
export function toShortPath(path: string, userHome: string | undefined): string {
  if (userHome === undefined || userHome === '/') return path
  if (path === userHome) return '~'
  return path.startsWith(`${userHome}/`) ? `~${path.slice(userHome.length)}` : path
}
