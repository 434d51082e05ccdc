/** Views of the page. Each has an address, so that a colleague can be sent there. */
export type ViewName = 'overview' | 'models' | 'graph' | 'changes'

export interface Address {
  readonly view: ViewName
  /** Id of the panel to scroll to; empty for the top of the view. */
  readonly panel: string
  readonly parameters: URLSearchParams
}

/** Panels of the overview that links lead to. */
const panels = ['problems', 'providers', 'gpu', 'machine', 'tools', 'registries', 'cluster']

/** Reads the part of the address behind `#`: `#/models?can=vision`. Everything unknown is the overview. */
export function parseAddress(hash: string): Address {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2)
  const parameters = new URLSearchParams(query)
  switch (path) {
    case 'models':
    case 'graph':
    case 'changes':
      return { view: path, panel: '', parameters }
    default:
      return { view: 'overview', panel: panels.includes(path) ? path : '', parameters }
  }
}

/** The address of a view: `#/models?can=vision`. */
export function toAddress(path: string, parameters: Readonly<Record<string, string>> = {}): string {
  const query = new URLSearchParams(parameters).toString().replaceAll('%2C', ',').replaceAll('%2F', '/')
  return query === '' ? `#/${path}` : `#/${path}?${query}`
}
