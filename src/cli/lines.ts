import { resolve } from 'node:path'
import type { Machine } from './machine.js'
import { saidOfFile } from './papers.js'

/** A line of a file, without its end; none where it is longer than was asked for. */
export interface Line {
  readonly number: number
  readonly bytes: number
  readonly text?: string
}

/** What a file is called on a command line if it is what is piped in. */
const pipe = '-'

/** A file of any length as it comes, a piece after the other. @throws a system error, which `troubleIn` tells of */
const piecesOf = ({ cwd, disk }: Machine, file: string): Iterable<Uint8Array> =>
  disk.pieces(file === pipe ? undefined : resolve(cwd, file))

/** Why a file can't be read; nothing where it can. */
export const troubleIn = ({ cwd, disk }: Machine, file: string): string | undefined => {
  if (file === pipe) return undefined
  try {
    const entry = disk.entry(resolve(cwd, file))
    if (entry === undefined) return `there is no file ${file}`
    return entry.is === 'folder' ? `${file} is a folder` : undefined
  } catch (error) {
    return `${file} can't be read: ${saidOfFile(error)}`
  }
}

const textOf = (bytes: Uint8Array) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)

const joined = (parts: readonly Uint8Array[], bytes: number): Uint8Array => {
  const whole = new Uint8Array(bytes)
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** All of a file, where it is no longer than so many bytes; how long it is in any case. */
export const wholeOf = (machine: Machine, file: string, mostBytes: number): Omit<Line, 'number'> => {
  const parts: Uint8Array[] = []
  let bytes = 0
  for (const piece of piecesOf(machine, file)) {
    bytes += piece.length
    if (bytes <= mostBytes) parts.push(piece)
  }
  return bytes > mostBytes ? { bytes } : { bytes, text: textOf(joined(parts, bytes)) }
}

const lineEnd = 10

/** The lines of a file of any length. Of what is too long nothing is kept but how long it is. */
export function* linesOf(machine: Machine, file: string, mostBytes: number): Generator<Line> {
  let parts: Uint8Array[] = []
  let bytes = 0
  let number = 0
  const ended = (): Line => {
    number += 1
    const line = { number, bytes, ...(bytes <= mostBytes && { text: textOf(joined(parts, bytes)) }) }
    ;[parts, bytes] = [[], 0]
    return line
  }
  for (const piece of piecesOf(machine, file)) {
    let from = 0
    for (;;) {
      const to = piece.indexOf(lineEnd, from)
      const part = piece.subarray(from, to === -1 ? undefined : to)
      bytes += part.length
      if (bytes <= mostBytes) parts.push(part)
      if (to === -1) break
      yield ended()
      from = to + 1
    }
  }
  if (bytes > 0) yield ended()
}
