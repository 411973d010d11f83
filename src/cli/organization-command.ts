import { basename, dirname, resolve } from 'node:path'
import type { Finding } from '../model/finding.js'
import type { Result } from '../model/result.js'
import type { Asking, World } from '../workflow/world.js'
import { BridleCommand } from './command.js'
import { exitOf } from './exit.js'
import { filesUnder } from './files.js'
import type { OrganizationChoices } from './flags.js'
import { quoted, visible } from '../report/escape.js'
import { progressOn } from './progress.js'
import type { Progress } from './progress.js'
import { lineOf } from './progress-line.js'
import type { Format } from '../report/format.js'
import type { Open, Stage } from './stage.js'

/** How a command asks for its result, and what it is where there is nobody to ask. */
export interface Use<Conversation extends Asking, R extends Result> {
  readonly open: Open<Conversation>
  find(world: World<Conversation>): Promise<R>
  refuse(findings: readonly Finding[]): R
  readonly needsNoFiles?: boolean
}

/** A plan of ten thousand steps is a few megabytes. */
const longestFileBytes = 256 * 1024 * 1024

/** What the system calls it; anything else is a bug, and goes on being one. */
const reasonOf = (error: unknown): string => {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code
  throw error
}

/** A command about the organization that the files declare. */
export abstract class OrganizationCommand extends BridleCommand {
  protected readonly stopping = new AbortController()
  protected progress: Progress | undefined
  private stage: Stage | undefined
  private unsaved: string | undefined

  /** The files, as `workflow` wants them: their folder, and the root file in it. */
  protected declared(file: string): Pick<World, 'files' | 'root'> {
    const path = resolve(this.machine.cwd, file)
    return { files: filesUnder(this.machine.disk, dirname(path)), root: basename(path) }
  }

  /** What to say where there is no root file. */
  protected missing(file: string): Finding | undefined {
    if (this.machine.disk.entry(resolve(this.machine.cwd, file)) !== undefined) return undefined
    return {
      code: 'file-missing',
      severity: 'error',
      what: `there is no ${quoted(file)} here`,
      where: [],
      why: 'what an organization should be is written in a file, and bridle reads nothing else',
      fix: 'write one (examples/small/bridle.yaml is a small one), or name another with --file',
    }
  }

  /** The sentence that says the organization is make-believe, where it is. */
  protected get sandbox(): string | undefined {
    return this.stage?.setting.sandbox
  }

  /** A file's text; where there is none, says so, and the command is over. */
  protected readIn(file: string): string | undefined {
    const path = resolve(this.machine.cwd, file)
    try {
      const entry = this.machine.disk.entry(path)
      if (entry?.is === 'file' && entry.bytes <= longestFileBytes)
        return new TextDecoder().decode(this.machine.disk.read(path, longestFileBytes))
      this.misused(
        `${file} is ${entry === undefined ? 'not there' : entry.is === 'file' ? 'too large' : 'not a file'}`,
      )
    } catch (error) {
      this.misused(`${file} can't be read: ${reasonOf(error)}`)
    }
    return undefined
  }

  /** Writes a file, and says what for. */
  protected writeOut(file: string, text: string, what: string): void {
    try {
      this.machine.disk.write(resolve(this.machine.cwd, file), text)
      this.note(`written to ${visible(file)}: ${visible(what)}`)
    } catch (error) {
      this.misused(
        `${file} can't be written: ${reasonOf(error)}`,
        'name a file in a folder that you may write to',
      )
    }
  }

  /** Finds a result, with all that a conversation needs around it. */
  protected async about<Conversation extends Asking, R extends Result>(
    flags: OrganizationChoices,
    use: Use<Conversation, R>,
  ): Promise<R> {
    const { machine, stopping } = this
    const { stageFor } = await import('./stage.js')
    const declared = this.declared(flags.file)
    const missing = use.needsNoFiles === true ? undefined : this.missing(flags.file)
    if (missing !== undefined) return use.refuse([missing])
    const stage = await stageFor(machine, flags, `bridle/${this.config.version}`, stopping.signal)
    if ('code' in stage) return use.refuse(await this.beforeThat(declared, stage))
    this.stage = stage
    const progress = progressOn(machine.stderr, machine.env, machine.clock)
    this.progress = progress
    const ignore = machine.onInterrupt(() => this.interrupt())
    try {
      return await use.find({
        ...declared,
        organization: machine.env['BUILDKITE_ORGANIZATION_SLUG'],
        connect: (wanted) => use.open(stage.means(wanted, (wait) => progress.show(lineOf.wait(wait)))),
        onProgress: (event) => progress.show(lineOf.progress(event)),
        signal: stopping.signal,
      })
    } finally {
      progress.clear()
      ignore()
      this.unsaved = stage.keep()
    }
  }

  /** Prints a result, and ends with what it says. */
  protected async conclude(
    result: Result,
    { format }: { readonly format: Format },
    differencesCount?: boolean,
  ) {
    const { report } = await import('../report/format.js')
    const setting = { paint: this.paint(), ...(this.stage === undefined ? {} : this.stage.setting) }
    this.answer(report(result, format, setting), exitOf(result, differencesCount))
    if (this.unsaved !== undefined)
      this.misused(this.unsaved, 'name a file that you may write with --sandbox FILE')
  }

  /** What is wrong with the files is said as well: they can be mended without a token. */
  private async beforeThat(declared: Pick<World, 'files' | 'root'>, finding: Finding): Promise<Finding[]> {
    const { validate } = await import('../workflow/validate.js')
    return [...validate(declared).findings, finding]
  }

  private interrupt(): void {
    if (this.stopping.signal.aborted) {
      this.machine.endNow(130)
      return
    }
    this.progress?.clear()
    this.note('stopping: what is under way is finished first; Ctrl-C again ends at once')
    this.stopping.abort()
  }
}
