import type { Clock } from '../model/clock.js'

/** Something that text is written to, and that somebody may be looking at. */
export interface Screen {
  write(text: string): void
  readonly isTTY: boolean
  readonly columns: number
}

/** What stands at a path, links followed. */
export interface Entry {
  readonly is: 'file' | 'folder' | 'other'
  readonly bytes: number
}

/**
 * Files and folders, by absolute path. Where nothing is, there is `undefined`; any other trouble is thrown as a system
 * error, which has a `code`.
 */
export interface Disk {
  /** The path without symbolic links. */
  real(path: string): string | undefined
  entry(path: string): Entry | undefined
  /** The first so many bytes of a file. */
  read(path: string, maxBytes: number): Uint8Array
  /** All of a file from its beginning to its end, a piece after the other; without a path, what is piped in. */
  pieces(path: string | undefined): Iterable<Uint8Array>
  /** A symbolic link in a folder is a `file` here, whatever it leads to. */
  list(path: string): readonly { readonly name: string; readonly is: 'file' | 'folder' }[]
  /** All or nothing: whoever reads sees the old text or the new. */
  write(path: string, text: string): void
  /**
   * Several files, in folders that are made where there are none: all are written beside their places before the first is
   * put there, and they are put there in the order given. The last one is the one by which the others are found.
   */
  writeAll(files: readonly (readonly [path: string, text: string])[]): void
  /** Makes a new folder that nobody else can look into, and says where it is. */
  makeTemporary(): string
  /** Takes away a folder that was made so, with all that is in it. */
  removeTemporary(path: string): void
}

/** What a program said, and how it ended. */
export interface Ran {
  /** Nothing where it was killed. */
  readonly status: number | undefined
  readonly stdout: string
  readonly stderr: string
}

/** How a program is run. Of bridle's own environment it sees nothing. */
export interface Running {
  readonly input?: string
  readonly env?: Readonly<Record<string, string>>
  /** The folder that it is run in. */
  readonly folder?: string
  readonly seconds?: number
}

/** All that bridle touches of the world. A test puts another in its place. */
export interface Machine {
  readonly stdout: Screen
  readonly stderr: Screen
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  readonly clock: Clock
  /** From 0 up to, never reaching, 1. */
  random(): number
  readonly fetch: typeof fetch
  /** How long one request may take; for ever where the clock jumps ahead. */
  readonly requestSeconds: number
  readonly disk: Disk
  /** Runs a program, by its name or its whole path, without a shell. Nothing where there is no such program. */
  run(program: string, args: readonly string[], how?: Running): Ran | undefined
  /** Whether a person sits there who can answer. */
  readonly canAsk: boolean
  /** A question to be answered with yes or no; anything but a yes is a no, as is an interruption. */
  ask(question: string): Promise<boolean>
  /** Where a person types, and what they see while they do: for questions with more answers than yes and no. */
  readonly terminal: { readonly input: NodeJS.ReadableStream; readonly output: NodeJS.WritableStream }
  /** Calls back whenever a person asks to stop. Returns what ends that. */
  onInterrupt(act: () => void): () => void
  /** The code that the process will end with. */
  setExitCode(code: number): void
  /** Ends the process now. */
  endNow(code: number): void
}
