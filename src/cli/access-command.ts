import { Flags } from '@oclif/core'
import type { Finding } from '../model/finding.js'
import type { Result } from '../model/result.js'
import type { AccessOptions, Ground } from '../workflow/ground.js'
import type { World } from '../workflow/world.js'
import { variable } from './environment.js'
import { groundTyped, type GroundChoices } from './ground-typed.js'
import { organizationFlags } from './flags.js'
import { OrganizationCommand } from './organization-command.js'

/** For commands that judge access: what they judge, where it is not the organization as it is. */
export const groundFlags = {
  ...organizationFlags,
  offline: Flags.boolean({
    description: 'judges the files alone, as if they were the whole organization',
    exclusive: ['snapshot', 'plan'],
  }),
  snapshot: Flags.string({
    description: 'judges what `bridle access snapshot` saved',
    helpValue: 'FILE',
  }),
  plan: Flags.string({
    description: 'judges what a plan would make of it; with --snapshot of what was saved',
    helpValue: 'FILE',
  }),
}

/** How a command finds its answer on some ground, and what it is where findings stand in the way. */
interface Question<R extends Result> {
  find(world: World, options: AccessOptions): Promise<R>
  refuse(findings: readonly Finding[]): R
}

/** A command that asks who reaches what. */
export abstract class AccessCommand extends OrganizationCommand {
  /** The time, as `workflow` is told it. */
  protected now(): string {
    return new Date(this.machine.clock.now()).toISOString()
  }

  /** Finds an answer on the ground that the flags name, and prints it. */
  protected async askOnGround<R extends Result>(flags: GroundChoices, question: Question<R>): Promise<void> {
    const ground = await this.groundOf(flags)
    if (ground === undefined) return
    const options = { ...ground, now: this.now(), asked: groundTyped(flags) }
    const isOffline =
      ground.basis !== 'organization' && !(ground.basis === 'plan' && ground.snapshot === undefined)
    const result = isOffline
      ? await this.offline(flags, question, options)
      : await this.online(flags, question, options)
    await this.conclude(result, flags)
  }

  private async online<R extends Result>(
    flags: GroundChoices,
    question: Question<R>,
    options: AccessOptions,
  ) {
    const { toAsk } = await import('./connection.js')
    return await this.about<ReturnType<typeof toAsk>, R>(flags, {
      open: toAsk,
      find: (world) => question.find(world, options),
      refuse: (findings) => question.refuse(findings),
    })
  }

  /** Without a conversation: whoever asked for one would have a bug. */
  private async offline<R extends Result>(
    flags: GroundChoices,
    question: Question<R>,
    options: AccessOptions,
  ) {
    const missing = this.missing(flags.file)
    if (missing !== undefined) return question.refuse([missing])
    return await question.find(
      {
        ...this.declared(flags.file),
        organization: variable(this.machine.env, 'BUILDKITE_ORGANIZATION_SLUG'),
        connect: () => {
          throw new Error('an answer that needs nobody wanted to ask somebody')
        },
      },
      options,
    )
  }

  /** What to judge; nothing where a file can't be read, which has been said then. */
  private async groundOf({ offline, snapshot, plan }: GroundChoices): Promise<Ground | undefined> {
    if (offline) return { basis: 'files' }
    const { readPaper } = await import('./papers.js')
    const read = (file: string, writtenBy: string) => {
      const paper = readPaper(this.machine, file)
      if ('text' in paper) return paper.text
      this.misused(paper.trouble, `name a file that \`${writtenBy}\` wrote`)
      return undefined
    }
    const saved = snapshot === undefined ? undefined : read(snapshot, 'bridle access snapshot --out FILE')
    if (snapshot !== undefined && saved === undefined) return undefined
    if (plan === undefined)
      return saved === undefined ? { basis: 'organization' } : { basis: 'snapshot', text: saved }
    const text = read(plan, 'bridle plan --out FILE')
    if (text === undefined) return undefined
    return { basis: 'plan', text, ...(saved === undefined ? {} : { snapshot: saved }) }
  }
}
