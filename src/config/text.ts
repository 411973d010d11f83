import type { Code } from '../model/codes.js'
import type { Files, NoFile } from './files.js'
import { quoted, type Problem, type Words } from './problem.js'
import { sourceOf, type Place, type Source } from './source.js'

/** A file's text, or why there is none. */
export type Text = { readonly source: Source } | { readonly problem: Problem }

/**
 * Reads a file that is named at a place; the root file is named nowhere in the files.
 *
 * A byte order mark goes; it is no part of the first line, and editors do not count it as a column.
 */
export const readText = (files: Files, path: string, maxBytes: number, named: Place | undefined): Text => {
  const answer = files.read(path, maxBytes)
  if ('no' in answer) return { problem: noFile(answer.no, path, named) }
  if (answer.bytes.length > maxBytes) return { problem: noFile('too-large', path, named) }
  try {
    return { source: sourceOf(path, new TextDecoder('utf-8', { fatal: true }).decode(answer.bytes)) }
  } catch {
    return { problem: notText(path, answer.bytes) }
  }
}

export const noFile = (no: NoFile, path: string, at: Place | undefined): Problem => ({
  code: noFileCodes[no],
  ...(at === undefined ? {} : { at }),
  about: path,
  words: () => noFileWords(no, path, at === undefined),
})

const noFileCodes: Readonly<Record<NoFile, Code>> = {
  missing: 'file-missing',
  'not-a-file': 'file-unreadable',
  unreadable: 'file-unreadable',
  'too-large': 'file-too-large',
  outside: 'file-outside',
}

const noFileWords = (no: NoFile, path: string, isRoot: boolean): Words => {
  const file = quoted(path)
  switch (no) {
    case 'missing':
      return {
        what: `there is no file ${file}`,
        fix: isRoot
          ? 'create it, or run bridle where it is'
          : 'create it, or correct the path, which begins at the root file’s folder',
      }
    case 'not-a-file':
      return { what: `${file} is not a regular file`, fix: 'put a file there, or correct the path' }
    case 'unreadable':
      return { what: `${file} may not be read`, fix: 'give whoever runs bridle the permission to read it' }
    case 'too-large':
      return { what: `${file} is too large`, fix: 'split it, or correct the path' }
    case 'outside':
      return {
        what: `${file} leads out of the root file’s folder`,
        fix: 'copy into the folder what the link leads to',
      }
  }
}

const notText = (path: string, bytes: Uint8Array): Problem => {
  const readable = new TextDecoder('utf-8').decode(bytes)
  const bad = Math.max(0, readable.indexOf('\uFFFD'))
  const utf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)
  return {
    code: 'file-not-text',
    at: { source: sourceOf(path, readable), start: bad, end: bad + 1 },
    words: () => ({
      what: `${quoted(path)} is not UTF-8`,
      label: utf16 ? 'this is UTF-16' : 'no character is written like this',
      fix: 'save it as UTF-8',
    }),
  }
}
