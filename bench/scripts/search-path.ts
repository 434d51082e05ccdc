import { detect } from '../../src/detection/detect.ts'
import { createHost } from '../../src/platform/node/create-host.ts'
import { toolSchema } from '../../src/registry/schema/tool.ts'
import { printTimes } from './print-times.ts'

// Looks for the tools `tool-0` … on PATH again and again: `argv[2]` of them, of which `argv[3]` are there.

const [, , count, present] = process.argv
const host = createHost({ interrupted: new AbortController().signal })
const entries = Array.from({ length: Number(count) }, (_, index) => {
  const id = `tool-${index}`
  return {
    registry: 'tools',
    id,
    entry: toolSchema.parse({ detection: `which ${id}`, env_var: `NEXUS_HAS_TOOL_${index}` }),
  } as const
})

await printTimes(20, async () => {
  const cache = { get: () => undefined, hint: () => undefined, set: () => undefined }
  const { detections } = await detect({ entries, mode: 'normal', cache, isTrusted: true }, host)
  const found = [...detections.values()].filter(({ status }) => status === 'present').length
  if (found !== Number(present)) throw new Error(`${found} tools were found, not ${present}`)
})
