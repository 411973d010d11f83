import { setMaxListeners } from 'node:events'
import { basename, dirname, relative, resolve, sep } from 'node:path'
import type { Finding } from '../model/finding.js'
import type { Result } from '../model/result.js'
import type { Signer } from '../model/signer.js'
import type { Asking, Declared, World } from '../workflow/world.js'
import { BridleCommand } from './command.js'
import { variable } from './environment.js'
import { exitOf } from './exit.js'
import { filesUnder } from './files.js'
import type { OrganizationChoices } from './flags.js'
import { groundTyped } from './ground-typed.js'
import { quoted } from '../report/escape.js'
import type { Setting } from '../report/format.js'
import type { PolicyKey } from './policy-key.js'
import { progressOn } from './progress.js'
import type { Progress } from './progress.js'
import { lineOf } from './progress-line.js'
import type { Open, Stage } from './stage.js'

/** How a command asks for its result, and what it is where there is nobody to ask. */
export interface Use<Conversation extends Asking, R> {
  readonly open: Open<Conversation>
  find(world: World<Conversation>): Promise<R>
  refuse(findings: readonly Finding[]): R
  readonly needsNoFiles?: boolean
  /** True where it waits for agents: those of a sandbox then take what waits, as nobody else is there. */
  readonly agentsWork?: boolean
}

/** A command about the organization that the files declare. */
export abstract class OrganizationCommand extends BridleCommand {
  protected readonly stopping = new AbortController()
  protected progress: Progress | undefined
  /** Who signs policies, where the machine has a key that can. */
  protected signer: Signer | undefined
  private stage: Stage | undefined
  private unsaved: string | undefined

  /** The files, as `workflow` wants them: their folder, the root file in it, and the day on which they are read. */
  protected declared(file: string): Declared {
    const path = resolve(this.machine.cwd, file)
    return {
      files: filesUnder(this.machine.disk, dirname(path)),
      root: basename(path),
      today: new Date(this.machine.clock.now()).toISOString().slice(0, 10),
    }
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
      fix: 'begin with `bridle init`, which writes what is there into files; or name another file with --file',
    }
  }

  /** The sentence that says the organization is make-believe, where it is. */
  protected get sandbox(): string | undefined {
    return this.stage?.setting.sandbox
  }

  /** Finds a result, with all that a conversation needs around it. */
  protected async about<Conversation extends Asking, R extends Result>(
    flags: OrganizationChoices,
    use: Use<Conversation, R>,
  ): Promise<R> {
    return await this.conversing(flags, use)
  }

  /** The same for what is only a part of a result. */
  protected async conversing<Conversation extends Asking, R>(
    flags: OrganizationChoices,
    use: Use<Conversation, R>,
  ): Promise<R> {
    const { machine, stopping } = this
    setMaxListeners(0, stopping.signal) // every request listens, and many are under way at once
    const { stageFor } = await import('./stage.js')
    const declared = this.declared(flags.file)
    const missing = use.needsNoFiles === true ? undefined : this.missing(flags.file)
    if (missing !== undefined) return use.refuse([missing])
    const stage = await stageFor(
      machine,
      { ...flags, agentsWork: use.agentsWork === true },
      `bridle/${this.config.version}`,
      stopping.signal,
    )
    if ('code' in stage) return use.refuse(await this.beforeThat(declared, stage))
    this.stage = stage
    const key = await this.policyKey(declared, stage)
    if (key !== undefined && 'code' in key) return use.refuse([key])
    this.signer = key?.signer
    const progress = progressOn(machine.stderr, machine.env, machine.clock)
    this.progress = progress
    const ignore = machine.onInterrupt(() => this.interrupt())
    try {
      return await use.find({
        ...declared,
        asked: groundTyped(flags),
        organization: variable(machine.env, 'BUILDKITE_ORGANIZATION_SLUG'),
        connect: (wanted) => use.open(stage.means(wanted, (wait) => progress.show(lineOf.wait(wait)))),
        now: () => new Date(machine.clock.now()).toISOString(),
        policyKey: key?.publicKey,
        onProgress: (event) => progress.show(lineOf.progress(event)),
        signal: stopping.signal,
      })
    } finally {
      progress.clear()
      ignore()
      this.unsaved = stage.keep()
    }
  }

  /** Where the answer goes into a file for somebody else, what stands in its way is no answer. */
  protected async refuse(findings: readonly Finding[], file: string): Promise<void> {
    const { stackRefused } = await import('../report/stack.js')
    this.refusedWith(findings, stackRefused(findings, this.folderOf(file)))
  }

  /** What leads from where a person stands to the folder of the root file; empty if it is here. */
  protected folderOf(file: string): string {
    const folder = relative(this.machine.cwd, dirname(resolve(this.machine.cwd, file))).replaceAll(sep, '/')
    return folder === '' ? '' : `${folder}/`
  }

  /** What a report needs to know of where its reader stands. */
  protected seenFrom(file: string): Omit<Setting, 'paint'> {
    return { folder: this.folderOf(file), root: basename(file), ...this.stage?.setting }
  }

  /** Prints a result, and ends with what it says. */
  protected async conclude(
    result: Result,
    { file, format }: Pick<OrganizationChoices, 'file' | 'format'>,
    differencesCount?: boolean,
  ): Promise<void> {
    const { report } = await import('../report/format.js')
    this.answer(
      report(result, format, { paint: this.paint(), ...this.seenFrom(file) }),
      exitOf(result, differencesCount),
    )
    if (this.unsaved !== undefined)
      this.misused(this.unsaved, 'name a file that you may write with --sandbox FILE')
  }

  /** The key of policies: a file's, or one of KMS. */
  private async policyKey(declared: Declared, stage: Stage): Promise<PolicyKey | Finding | undefined> {
    const { kmsKeyNamed, policyKeyOf } = await import('./policy-key.js')
    const named = kmsKeyNamed(this.machine)
    if (named === undefined) return policyKeyOf(this.machine)
    if (typeof named !== 'string') return named
    const { kmsKeyOf } = await import('./kms-key.js')
    return kmsKeyOf(named, declared, (wanted, onWait) => stage.means(wanted, onWait))
  }

  /** What is wrong with the files is said as well: they can be mended without a token. */
  private async beforeThat(declared: Declared, finding: Finding): Promise<Finding[]> {
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
