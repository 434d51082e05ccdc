import { setFlagsFromString } from 'node:v8'

/** Keeps V8's space for young objects as small as it starts: it would grow to 16 MB, and hold two of them. */
export function staySmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1')
}
