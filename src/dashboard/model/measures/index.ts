import { createClusterMeasure } from './cluster.ts'
import type { CreateMeasure } from './create-measure.ts'
import { createGpuMeasure } from './gpu.ts'
import { createMachineMeasure } from './machine.ts'
import { createSourceMeasure } from './sources.ts'

/** All ways of measuring. */
export const measures: readonly CreateMeasure[] = [
  createMachineMeasure,
  createGpuMeasure,
  createSourceMeasure,
  createClusterMeasure,
]
