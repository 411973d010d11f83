/** What an answer in XML is made of. What is null or undefined is left out. */
export type Xml =
  | string
  | number
  | boolean
  | null
  | undefined
  | readonly Xml[]
  | ReadonlyMap<string, Xml>
  | { readonly [name: string]: Xml }

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** What XML cannot hold at all. */
const unspeakable = /[^\t\n\r\u0020-\ufffd]/g

const escaped = (text: string) =>
  text.replace(unspeakable, '').replace(/[&<>"]/g, (sign) => escapes[sign] ?? sign)

const isMap = (value: object): value is ReadonlyMap<string, Xml> => value instanceof Map

const inner = (value: Xml): string => {
  if (value === null || value === undefined) return ''
  if (typeof value !== 'object') return escaped(String(value))
  if (Array.isArray(value)) return (value as readonly Xml[]).map((one) => element('member', one)).join('')
  if (isMap(value)) return [...value].map(([key, of]) => element('entry', { key, value: of })).join('')
  return Object.entries(value)
    .map(([name, of]) => element(name, of))
    .join('')
}

/** Lists are `member`s, maps are `entry`s: so the query protocol has them. */
const element = (name: string, value: Xml): string =>
  value === null || value === undefined ? '' : `<${name}>${inner(value)}</${name}>`

/** An answer of the query protocol. */
export const answerDocument = (
  namespace: string,
  operation: string,
  result: Xml,
  requestId: string,
): string =>
  [
    `<${operation}Response xmlns="${namespace}">`,
    element(`${operation}Result`, result),
    element('ResponseMetadata', { RequestId: requestId }),
    `</${operation}Response>`,
  ].join('')

export const errorDocument = (
  namespace: string,
  { code, message, status }: { readonly code: string; readonly message: string; readonly status: number },
  requestId: string,
): string =>
  [
    `<ErrorResponse xmlns="${namespace}">`,
    element('Error', { Type: status < 500 ? 'Sender' : 'Receiver', Code: code, Message: message }),
    element('RequestId', requestId),
    `</ErrorResponse>`,
  ].join('')
