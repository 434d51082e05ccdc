import type { ProbeContext, ProgramFinder, PythonModule } from '../probe.ts'
import { type Answer, askInterpreter } from './ask-interpreter.ts'
import { loadInspection, saveInspection } from './inspection-cache.ts'
import { type Interpreter, locateInterpreter } from './locate-interpreter.ts'

export type ModulesAnswer =
  | { readonly kind: 'no-python'; readonly reason: string }
  | { readonly kind: 'unusable'; readonly reason: string }
  | (Answer & { readonly interpreter: Interpreter })

// One finder serves one detection, whose targets may each see a context of their own.
const memory = new WeakMap<ProgramFinder, Map<string, Promise<ModulesAnswer>>>()

/**
 * What the interpreter says of all modules of this detection. It is started once at most, by whichever
 * target asks first, and not at all when the answer of an earlier run still holds.
 */
export function inspectModules(module: PythonModule, context: ProbeContext): Promise<ModulesAnswer> {
  const isPlanned = context.pythonModules.some(({ name }) => name === module.name)
  const modules = isPlanned ? context.pythonModules : [...context.pythonModules, module]
  const answers = memory.get(context.programs) ?? new Map<string, Promise<ModulesAnswer>>()
  memory.set(context.programs, answers)
  const key = isPlanned ? '' : module.name
  const answer = answers.get(key) ?? inspect(modules, context)
  answers.set(key, answer)
  return answer
}

async function inspect(modules: readonly PythonModule[], context: ProbeContext): Promise<ModulesAnswer> {
  const search = await locateInterpreter(context)
  if (search.kind === 'none') return { kind: 'no-python', reason: search.reason }
  if (search.kind === 'unusable') return search
  const { interpreter } = search
  const question = { interpreter, modules }
  const cached = await loadInspection(question, context)
  if (cached) return { kind: 'answered', inspection: cached, interpreter }
  const answer = await askInterpreter(interpreter, modules, context)
  if (answer.kind === 'answered') await saveInspection(question, answer.inspection, context)
  return { ...answer, interpreter }
}
