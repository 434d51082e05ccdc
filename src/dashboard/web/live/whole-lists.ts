import type { ChangeDocument } from '../../model/change-schema.ts'
import type { DashboardModel, DashboardView } from '../../model/dashboard-view.ts'
import { isChangeList, isModelList, type Server } from './server.ts'

/** Lists of which the dashboard itself has the first entries. */
export interface WholeLists {
  /** All models; undefined until a view or a search needs them. */
  readonly models: readonly DashboardModel[] | undefined
  /** All changes of the journal; undefined until their view needs them. */
  readonly changes: readonly ChangeDocument[] | undefined
  /** Why the changes could not be loaded; empty for nothing. */
  readonly changesReason: string
}

export const noLists: WholeLists = { models: undefined, changes: undefined, changesReason: '' }

export interface ListLoader {
  /** Loads what is needed, once for each dashboard. */
  readonly load: (view: DashboardView, needs: { readonly models: boolean; readonly changes: boolean }) => void
}

/** `onLists` is called with what came. A loader belongs to one server, and is left when the reader signs in or out. */
export function createListLoader(server: Server, onLists: (lists: Partial<WholeLists>) => void): ListLoader {
  let modelsOf = ''
  let changesOf = ''
  const loadModels = async () => {
    const models = await server.load('/dashboard/models.json').catch(() => undefined)
    if (isModelList(models)) onLists({ models })
  }
  const loadChanges = async () => {
    const changes = await server.load('/changes').catch(() => undefined)
    if (isChangeList(changes)) onLists({ changes, changesReason: '' })
    else
      onLists({
        changesReason: 'The changes could not be loaded. The page tries again after the next change.',
      })
  }
  return {
    load: ({ models, generated_at: time }, needs) => {
      if (needs.models && modelsOf !== time) {
        modelsOf = time
        if (models.total <= models.entries.length) onLists({ models: models.entries })
        else void loadModels()
      }
      if (needs.changes && changesOf !== time) {
        changesOf = time
        void loadChanges()
      }
    },
  }
}
