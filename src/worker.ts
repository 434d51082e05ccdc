import { answerTasks } from './host/answer-tasks.ts'
import { renderSvg } from './render/graph/svg.ts'

answerTasks({
  draw: renderSvg,
  // Filters and pictures need none of it.
  doBulk: async (task, tools) => (await import('./features/serve/bulk.ts')).doBulk(task, tools),
})
