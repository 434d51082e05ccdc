const namespace = 'http://www.w3.org/2000/svg'

/** What a drawing is made of, and nothing that runs, loads, links or styles. */
const elements = ['svg', 'g', 'path', 'polygon', 'polyline', 'ellipse', 'text', 'title', 'desc']
const attributes = [
  'class',
  'cx',
  'cy',
  'd',
  'height',
  'points',
  'rx',
  'ry',
  'stroke-dasharray',
  'text-anchor',
  'transform',
  'viewBox',
  'width',
  'x',
  'y',
]

/** A drawing made anew of the parts that drawings are known to have; undefined for what is none. */
export function cleanSvg(text: string): SVGElement | undefined {
  // Without its namespace it is read as elements that mean nothing to a browser: no style, no handler, no script.
  const inert = text.replace(/ xmlns="[^"]*"/g, '')
  const root = new DOMParser().parseFromString(inert, 'application/xml').documentElement
  return root.localName === 'svg' && isDrawn(root) ? copyElement(root) : undefined
}

function copyElement(source: Element): SVGElement {
  const copy = document.createElementNS(namespace, source.localName)
  if (!(copy instanceof SVGElement)) throw new Error('a browser without SVG')
  for (const name of attributes) {
    const value = source.getAttribute(name)
    if (value !== null) copy.setAttribute(name, value)
  }
  for (const child of source.childNodes) {
    if (child.nodeType === Node.TEXT_NODE) copy.append(child.textContent ?? '')
    if (isDrawn(child)) copy.append(copyElement(child))
  }
  return copy
}

function isDrawn(node: Node): node is Element {
  return node instanceof Element && node.namespaceURI === null && elements.includes(node.localName)
}
