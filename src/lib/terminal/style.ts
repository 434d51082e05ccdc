import type { ColorSupportLevel } from 'chalk'

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

type Paint = (text: string) => string

/** Paints text: `style.bold('…')`. Without colours it returns the text as it is. */
export type Style = Readonly<
  Record<'bold' | 'dim' | 'underline' | 'red' | 'green' | 'yellow' | 'cyan', Paint>
>

const unpainted: Paint = text => text

const plainStyle: Style = {
  bold: unpainted,
  dim: unpainted,
  underline: unpainted,
  red: unpainted,
  green: unpainted,
  yellow: unpainted,
  cyan: unpainted,
}

interface StyleRequest {
  readonly stream: { readonly isTerminal: boolean }
  readonly env: Environment
  /** False with `--no-color`. */
  readonly color: boolean
}

type Environment = Readonly<Record<string, string | undefined>>

export async function createStyle(request: StyleRequest): Promise<Style> {
  const level = toColorLevel(request)
  if (level === 0) return plainStyle
  const { Chalk } = await import('chalk')
  return new Chalk({ level })
}

/** How many colours: none, 16, 256 or all. A flag decides over FORCE_COLOR, and that over NO_COLOR, as in Node. */
export function toColorLevel({ stream, env, color }: StyleRequest): ColorSupportLevel {
  if (!color) return 0
  const { FORCE_COLOR: forced, NO_COLOR: refused } = env
  if (forced !== undefined) return toForcedLevel(forced)
  if (refused || !stream.isTerminal) return 0
  return toTerminalLevel(env)
}

function toForcedLevel(value: string): ColorSupportLevel {
  if (value === '0' || value === 'false') return 0
  if (value === '2') return 2
  return value === '3' ? 3 : 1
}

function toTerminalLevel({ TERM: term = '', COLORTERM: colors }: Environment): ColorSupportLevel {
  if (term === 'dumb') return 0
  if (colors === 'truecolor' || colors === '24bit') return 3
  return term.includes('256color') ? 2 : 1
}
