import { answerTasks } from './host/answer-tasks.ts'
import { renderSvg } from './render/graph/svg.ts'

answerTasks({
  draw: renderSvg,
  // Filters and pictures need none of it.
  doBulk: async (task, host) => {
    const { doBulk } = await import('./features/serve/bulk.ts')
    return doBulk(task, host, async () => (await import('./cli/serve-renderers.ts')).createServeRenderers())
  },
})
