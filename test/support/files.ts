import type { Files, FolderEntry, NoFile } from '../../src/config/files.js'

/** Files that are nowhere but here: by path, a text, bytes, or why there is none. */
export const filesOf = (
  contents: Readonly<Record<string, string | Uint8Array | { readonly no: NoFile }>>,
): Files => {
  const paths = Object.keys(contents)
  return {
    read(path, maxBytes) {
      const content = Object.hasOwn(contents, path) ? contents[path] : undefined
      if (content === undefined)
        return { no: paths.some((one) => one.startsWith(`${path}/`)) ? 'not-a-file' : 'missing' }
      if (typeof content === 'object' && 'no' in content) return { no: content.no }
      const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
      return bytes.length > maxBytes ? { no: 'too-large' } : { bytes }
    },
    list(folder) {
      const prefix = folder === '' ? '' : `${folder}/`
      const inside = paths.filter((path) => path.startsWith(prefix)).map((path) => path.slice(prefix.length))
      if (inside.length === 0) return { no: 'missing' }
      const entries = new Map<string, FolderEntry>()
      for (const path of inside) {
        const [name = '', ...rest] = path.split('/')
        entries.set(name, { name, is: rest.length > 0 ? 'folder' : 'file' })
      }
      return { entries: [...entries.values()] }
    },
  }
}
