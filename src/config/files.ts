/** Why a path gave no file. */
export type NoFile = 'missing' | 'not-a-file' | 'too-large' | 'outside' | 'unreadable'

/** What a path leads to: bytes, because only we say what counts as text, or why there are none. */
export type FileAnswer = { readonly bytes: Uint8Array } | { readonly no: NoFile }

/** A name in a folder. A symbolic link is a `file`, whatever it leads to: reading it will tell. */
export interface FolderEntry {
  readonly name: string
  readonly is: 'file' | 'folder'
}

export type FolderAnswer =
  { readonly entries: readonly FolderEntry[] } | { readonly no: Exclude<NoFile, 'too-large'> }

/**
 * The machine, as far as a declaration may see it. Paths are relative to the root file's folder, have forward slashes
 * and no `..`; the folder itself is the empty path. An answer may be in any order.
 */
export interface Files {
  /**
   * @param maxBytes more than this is `too-large`, and need not be read
   * @returns `outside` where symbolic links lead out of the folder
   */
  read(path: string, maxBytes: number): FileAnswer
  list(folder: string): FolderAnswer
}

/** Files that say what is wanted. */
export const declarationBytes = 10_000_000
/** Files that those name, such as a pipeline's steps. */
export const namedFileBytes = 1_048_576
