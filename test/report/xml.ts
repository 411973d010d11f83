/** An element of XML: its attributes decoded, its text with that of its children left out. */
export interface Element {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: readonly Element[]
  readonly text: string
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** What XML 1.0 allows in a document at all. @source XML 1.0, production 2 */
const forbidden = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u

const decoded = (text: string) => {
  if (/[<>]/.test(text)) throw new Error(`a bracket stands in ${JSON.stringify(text)}`)
  return text.replaceAll(/&([^;]*;?)/g, (_, name: string) => {
    const character = name.endsWith(';') ? entities[name.slice(0, -1)] : undefined
    if (character === undefined) throw new Error(`&${name} is no entity`)
    return character
  })
}

const attributesIn = (text: string) => {
  const all = [...text.matchAll(/\s+([a-zA-Z][\w.-]*)="([^"<]*)"/g)]
  if (all.map(([whole]) => whole).join('') !== text)
    throw new Error(`${JSON.stringify(text)} are no attributes`)
  const names = all.map(([, name]) => name)
  if (new Set(names).size < names.length) throw new Error(`an attribute stands twice in ${text}`)
  return Object.fromEntries(all.map(([, name = '', value = '']) => [name, decoded(value)]))
}

/** Reads the part of XML that reports use; whatever is not well-formed throws. Comments, CDATA and doctypes are refused. */
export const parseXml = (xml: string): Element => {
  if (forbidden.test(xml)) throw new Error('a character that XML does not allow')
  const start = /^<\?xml version="1\.0" encoding="UTF-8"\?>\n/.exec(xml)
  if (start === null) throw new Error('no declaration')
  interface Open {
    name: string
    attributes: Record<string, string>
    children: Element[]
    text: string
  }
  const top: Open = { name: '', attributes: {}, children: [], text: '' }
  const open: Open[] = [top]
  for (const [whole, tag, text] of xml.slice(start[0].length).matchAll(/<([^>]*)>|([^<]+)|</g)) {
    const current = open.at(-1)!
    if (text !== undefined) current.text += decoded(text)
    else if (tag === undefined) throw new Error(`${whole} begins nothing`)
    else if (tag.startsWith('/')) {
      if (current.name !== tag.slice(1)) throw new Error(`${current.name} is closed by ${tag}`)
      open.pop()
    } else {
      const [, name, rest = '', closed] = /^([a-z][a-z-]*)((?:\s+[^"]*"[^"]*")*)(\/?)$/.exec(tag) ?? []
      if (name === undefined) throw new Error(`<${tag}> is no tag`)
      const element: Open = { name, attributes: attributesIn(rest), children: [], text: '' }
      current.children.push(element)
      if (closed === '') open.push(element)
    }
  }
  const [root, ...others] = top.children
  if (open.length > 1 || root === undefined || others.length > 0 || top.text.trim() !== '')
    throw new Error('not one whole element')
  return root
}
