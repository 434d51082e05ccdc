import { renderSvg } from './graph/formats/svg.ts'
import { runTasks } from './platform/node/answer-tasks.ts'

runTasks({
  draw: renderSvg,
  // Filters and pictures need none of it.
  doBulk: async (task, host) => {
    const { doBulk } = await import('./server/bulk.ts')
    return doBulk(task, host, async () => (await import('./cli/serve-renderers.ts')).createServeRenderers())
  },
})
