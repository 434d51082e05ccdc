import { renderApiPage } from './api-page.ts'
import { renderCommandsPage } from './commands-page.ts'
import { renderConfigurationPage, renderRegistriesPage } from './files-pages.ts'
import { renderRulesPage } from './rules-page.ts'

/** Pages of `docs/reference`, by their file names. */
export function toReferencePages(): Record<string, string> {
  return {
    'commands.md': renderCommandsPage(),
    'registries.md': renderRegistriesPage(),
    'configuration.md': renderConfigurationPage(),
    'rules.md': renderRulesPage(),
    'api.md': renderApiPage(),
  }
}
