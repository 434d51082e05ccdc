import { DependencyGraph } from './elements/dependency-graph.ts'
import { DetailsPanel } from './elements/details-panel.ts'
import { KeysDialog } from './elements/keys-dialog.ts'
import { NexusDashboard } from './elements/nexus-dashboard.ts'
import { SearchBox } from './elements/search-box.ts'
import { SignInDialog } from './elements/sign-in-dialog.ts'
import { CopyButton } from './parts/command.ts'

customElements.define('copy-button', CopyButton)
customElements.define('details-panel', DetailsPanel)
customElements.define('sign-in-dialog', SignInDialog)
customElements.define('keys-dialog', KeysDialog)
customElements.define('search-box', SearchBox)
customElements.define('dependency-graph', DependencyGraph)
customElements.define('nexus-dashboard', NexusDashboard)
