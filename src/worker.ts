import { answerTasks } from './host/answer-tasks.ts'
import { renderSvg } from './render/graph/svg.ts'

answerTasks({ draw: renderSvg })
