import { renderSvg } from './graph/formats/svg.ts'
import { answerTasks } from './platform/node/answer-tasks.ts'

answerTasks({
  draw: renderSvg,
  // Filters and pictures need none of it.
  doBulk: async (task, host) => {
    const { doBulk } = await import('./server/bulk.ts')
    return doBulk(task, host, async () => (await import('./cli/serve-renderers.ts')).createServeRenderers())
  },
})
