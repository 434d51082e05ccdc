import { createHash } from 'node:crypto'
import { createStyle } from '../../src/lib/terminal/style.ts'
import type { DiagnosticsView } from '../../src/validate/formats/format.ts'
import { rules } from '../../src/validate/rules/index.ts'

/** What formats are shown of a home that lies in `/home`, the working directory, with a `text` of its tools. */
export async function createView(
  options: { color?: boolean; text?: string; doWarningsCount?: boolean } = {},
): Promise<DiagnosticsView> {
  const { color = false, text, doWarningsCount = false } = options
  const toPath = (file: string) => (file.startsWith('/home/') ? file.slice('/home/'.length) : file)
  return {
    style: await createStyle({
      stream: { isTerminal: false },
      env: color ? { FORCE_COLOR: '1' } : {},
      color,
    }),
    sources: new Map(text === undefined ? [] : [['/home/tool_registry.json', text]]),
    width: undefined,
    toShownPath: toPath,
    toRepositoryPath: toPath,
    rules,
    doWarningsCount,
    sha256: data => createHash('sha256').update(data).digest('hex'),
  }
}
