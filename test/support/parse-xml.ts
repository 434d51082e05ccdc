/** What an XML document holds, element by element. */
export interface XmlElement {
  readonly name: string
  readonly attributes: ReadonlyMap<string, string>
  /** The text directly in it. */
  readonly text: string
  /** Names of the elements around it, the outermost first. */
  readonly within: readonly string[]
}

const token =
  /<(\/?)([A-Za-z_][\w.-]*)((?:\s+[A-Za-z_][\w.:-]*\s*=\s*"[^"<]*")*)\s*(\/?)>|<!--(?:(?!--)[\s\S])*-->|([^<]+)/y

type OpenElement = XmlElement & { text: string }

/** Reads an XML document strictly: throws for anything that is not well-formed, or that no picture needs. */
export function parseXml(document: string): XmlElement[] {
  const elements: OpenElement[] = []
  const open: OpenElement[] = []
  for (const [whole, closing, name = '', attributes = '', isEmpty, text] of readTokens(document)) {
    if (text !== undefined) addText(text, open.at(-1))
    else if (closing) close(open.pop(), name)
    else if (!whole.startsWith('<!--')) {
      const within = open.map(each => each.name)
      const element = { name, attributes: readAttributes(attributes), text: '', within }
      elements.push(element)
      if (!isEmpty) open.push(element)
    }
  }
  close(open.pop(), undefined)
  return elements
}

function readTokens(document: string): RegExpExecArray[] {
  const tokens: RegExpExecArray[] = []
  token.lastIndex = 0
  while (token.lastIndex < document.length) {
    const rest = document.slice(token.lastIndex, token.lastIndex + 60)
    const found = token.exec(document)
    if (!found) throw new Error(`not well-formed at ${JSON.stringify(rest)}`)
    tokens.push(found)
  }
  return tokens
}

function addText(text: string, element: OpenElement | undefined): void {
  if (/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/.test(text)) throw new Error(`no characters of XML: ${text}`)
  if (element) element.text += decode(text)
  else if (text.trim() !== '') throw new Error(`text outside of the document: ${text}`)
}

function close(element: OpenElement | undefined, name: string | undefined): void {
  if (element?.name !== name) throw new Error(`</${name}> does not close <${element?.name}>`)
}

function readAttributes(text: string): Map<string, string> {
  const pairs = [...text.matchAll(/([\w.:-]+)\s*=\s*"([^"]*)"/g)]
  const attributes = new Map(pairs.map(([, name = '', value = '']) => [name, decode(value)]))
  if (attributes.size !== pairs.length) throw new Error(`an attribute twice: ${text}`)
  return attributes
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

function decode(text: string): string {
  return text.replace(/&(#x?[0-9a-fA-F]+|\w+)?;?/g, (whole, name: string | undefined) => {
    if (name === undefined || !whole.endsWith(';')) throw new Error(`a bare ampersand: ${text}`)
    if (name.startsWith('#x')) return String.fromCodePoint(Number.parseInt(name.slice(2), 16))
    if (name.startsWith('#')) return String.fromCodePoint(Number(name.slice(1)))
    const character = entities[name]
    if (character === undefined) throw new Error(`the entity ${whole} is not one of XML`)
    return character
  })
}
