/** Kinds of changes that a journal has. */
export const changeKinds = ['edit', 'detected'] as const

/** What became of something that is detected. */
export const detectedChanges = [
  'came',
  'went',
  'broke',
  'repaired',
  'up',
  'down',
  'status',
  'version',
  'path',
] as const
