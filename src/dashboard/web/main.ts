import { components } from './components/index.ts'
import { createCardElement } from './elements/card-element.ts'
import { DependencyGraph } from './elements/dependency-graph.ts'
import { ExplainPanel } from './elements/explain-panel.ts'
import { NexusDashboard } from './elements/nexus-dashboard.ts'
import { SignInDialog } from './elements/sign-in-dialog.ts'

for (const component of Object.values(components))
  customElements.define(component.tag, createCardElement(component))
customElements.define('explain-panel', ExplainPanel)
customElements.define('sign-in-dialog', SignInDialog)
customElements.define('dependency-graph', DependencyGraph)
customElements.define('nexus-dashboard', NexusDashboard)
