import type { Style } from './style.ts'

/** Colours what a detection, a registry or a component is: green is well, red is not, yellow is not known. */
export function paintStatus(status: string, style: Style): string {
  switch (status) {
    case 'present':
    case 'ok':
    case 'ready':
    case 'fresh':
      return style.green(status)
    case 'broken':
    case 'failed':
    case 'missing':
      return style.red(status)
    case 'unknown':
    case 'stale':
    case 'never synced':
      return style.yellow(status)
    default:
      return style.dim(status)
  }
}
