/** A place in a file. Lines and columns count from 1; columns count UTF-16 units, as editors do. */
export interface Span {
  /** Path relative to the root file's folder, with forward slashes. */
  readonly file: string
  readonly line: number
  readonly column: number
  /** How far to underline, at least 1, never past the line's end. */
  readonly length: number
  /** The line itself, for the code frame. */
  readonly text: string
}
