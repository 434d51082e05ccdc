import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit'
import type { DashboardView } from '../../model/dashboard-view.ts'
import { Refused, type Server } from '../live/server.ts'
import { cleanSvg, connectNodes, type GraphNodes } from '../parts/graph.ts'
import { ShowSubject } from '../parts/subject.ts'
import { baseStyles } from '../styles/base-styles.ts'
import { graphStyles } from '../styles/part-styles.ts'
import { toVisibleText } from '../text/text.ts'

/** Dependencies and readiness. Drawn when the reader opens it, and again after a change. */
export class DependencyGraph extends LitElement {
  static override readonly properties = {
    view: { attribute: false },
    server: { attribute: false },
    trouble: { state: true },
    isWhole: { state: true },
    drawing: { state: true },
  }
  static override readonly styles = [baseStyles, graphStyles]
  declare view: DashboardView | undefined
  declare server: Server | undefined
  declare trouble: string
  declare isWhole: boolean
  declare drawing: SVGElement | undefined
  #nodes: GraphNodes | undefined
  #drawn = ''

  constructor() {
    super()
    this.trouble = ''
    // On a narrow screen nobody could read it as a whole.
    this.isWhole = matchMedia('(min-width: 60rem)').matches
  }

  protected override willUpdate(changed: PropertyValues): void {
    // What was measured changes no dependency: then the time of the answer is the same.
    const before = changed.get('view')?.generated_at
    if (changed.has('server') || before !== this.view?.generated_at) void this.#draw()
  }

  protected override render(): TemplateResult {
    const { drawing, trouble, isWhole } = this
    drawing?.classList.toggle('fits', isWhole)
    return html`
      <div class="tools">
        <button class="plain" aria-pressed=${isWhole} @click=${this.#toggle}>Fit to width</button>
        <span class="soft">Choose a node to see why it is as it is; arrow keys go from node to node.</span>
      </div>
      ${trouble === '' ? nothing : html`<p class="reason"><bdi>${toVisibleText(trouble)}</bdi></p>`}
      ${
        drawing === undefined
          ? nothing
          : html`<div
            class="picture"
            role="group"
            aria-label="Dependency graph"
            tabindex="0"
            @click=${this.#show}
            @keydown=${this.#onKey}
          >
            ${drawing}
          </div>`
      }
    `
  }

  async #draw(): Promise<void> {
    try {
      const text = (await this.server?.loadText('/graph.svg')) ?? ''
      if (text === this.#drawn) return
      this.#drawn = text
      const svg = cleanSvg(text)
      this.trouble = svg === undefined ? 'what came is no picture' : ''
      this.#nodes = svg && connectNodes(svg)
      this.drawing = svg
    } catch (error) {
      this.trouble = error instanceof Refused ? error.message : 'the server cannot be reached'
    }
  }

  readonly #toggle = (): void => {
    this.isWhole = !this.isWhole
  }

  readonly #show = (event: Event): void => {
    const found = this.#nodes?.find(event)
    if (found === undefined) return
    const { node, ref } = found
    event.preventDefault()
    // It is where the focus comes back to.
    node.dispatchEvent(new ShowSubject({ ref: null, subject: ref, name: ref }))
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' || event.key === ' ') this.#show(event)
    else this.#nodes?.move(event)
  }
}
