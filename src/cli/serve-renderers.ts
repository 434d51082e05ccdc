import { graphFormats } from '../graph/formats/index.ts'
import { createStyle } from '../lib/terminal/style.ts'
import type { ServeRenderers } from '../server/serve-request.ts'

/** Renderers for the server, without colours and without a width. */
export async function createServeRenderers(): Promise<ServeRenderers> {
  const style = await createStyle({ stream: { isTerminal: false }, env: {}, color: false })
  const options = { style, width: undefined }
  return {
    graph: {
      json: view => graphFormats.json(view, options),
      mmd: view => graphFormats.mermaid(view, options),
      dot: view => graphFormats.dot(view, options),
    },
  }
}
