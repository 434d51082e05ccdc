import type { graphFormatNames } from '../../registry/schema/config.ts'
import { renderDot } from './dot.ts'
import type { GraphFormat } from './format.ts'
import { renderGraphJson } from './json.ts'
import { renderMermaid } from './mermaid.ts'
import { renderSvg } from './svg.ts'
import { renderTree } from './tree.ts'

/** All formats of `graph`, by name. */
export const graphFormats = {
  tree: renderTree,
  mermaid: renderMermaid,
  dot: renderDot,
  json: renderGraphJson,
  svg: renderSvg,
} as const satisfies Record<(typeof graphFormatNames)[number], GraphFormat>
