import type { Finding } from '../model/finding.js'
import type { Answer, Turn } from '../model/onboarding.js'
import { paintFor } from './colour.js'
import type { Held } from './conversation.js'
import type { OrganizationChoices } from './flags.js'
import type { World } from '../workflow/world.js'
import { OrganizationCommand } from './organization-command.js'
import type { Prompts } from './prompts.js'

/** Flags, some of which answer questions. */
interface AnswerChoices {
  readonly file: string
  readonly answers?: string | undefined
}

/** Flags that are about how it is done, and answer nothing. */
const unanswering: ReadonlySet<string> = new Set([
  'file',
  'answers',
  'yes',
  'commit',
  'sandbox',
  'no-color',
  'debug',
  'trust-endpoint',
])

/** A command that asks a person. */
export abstract class WizardCommand extends OrganizationCommand {
  /** Prompts, where somebody is there who can answer. */
  protected async prompts(): Promise<Prompts | undefined> {
    if (!this.machine.canAsk) return undefined
    const { promptsAt } = await import('./prompts.js')
    const { env, stderr } = this.machine
    return promptsAt(this.machine, paintFor(env, stderr.isTTY, this.argv.includes('--no-color')))
  }

  /** Asks what is not answered yet; nothing where that came to no end, which has been said then. */
  protected async asked(
    find: (answers: ReadonlyMap<string, Answer>) => Turn,
    given: ReadonlyMap<string, Answer>,
    prompts: Prompts | undefined,
    flags: AnswerChoices,
  ): Promise<Held | undefined> {
    const { converse } = await import('./conversation.js')
    const held = await converse({
      find,
      given,
      prompts,
      say: (lines) => this.note(lines.join('\n')),
      columns: this.machine.stderr.columns,
    })
    if (!('ended' in held)) return held
    if (held.ended === 'stopped') this.stopped()
    else if (held.ended === 'missing') this.notUnderstood(held.said)
    else
      await this.told(
        held.turn.wrong.map(({ finding }) => finding),
        flags,
      )
    return undefined
  }

  /** Asks the organization something. */
  protected async ask<R>(
    flags: Omit<OrganizationChoices, 'format'>,
    find: (world: World) => Promise<R>,
    refuse: (findings: readonly Finding[]) => R,
  ): Promise<R> {
    const { toAsk } = await import('./connection.js')
    return await this.conversing<ReturnType<typeof toAsk>, R>(
      { ...flags, format: 'text' },
      // Of the files, that there are none is no news.
      { open: toAsk, needsNoFiles: true, find, refuse: (findings) => refuse(findings.slice(-1)) },
    )
  }

  /** One calm line for somebody who pressed Ctrl-C. */
  protected stopped(): void {
    this.note('Stopped. No file was changed.')
    this.machine.setExitCode(130)
  }

  /** Answers of the file and the flags; nothing where they can't be read together, which has been said then. */
  protected async answered(
    what: string | undefined,
    flags: AnswerChoices,
  ): Promise<ReadonlyMap<string, Answer> | undefined> {
    const { answersIn, together } = await import('../workflow/onboard/answers.js')
    const given = new Map<string, Answer>()
    for (const [name, value] of Object.entries(flags))
      if (typeof value === 'string' && !unanswering.has(name)) given.set(name, { value, from: `--${name}` })
    if (what !== undefined) given.set('what', { value: what, from: `bridle onboard ${what}` })
    if (flags.answers === undefined) return given
    const { readPaper } = await import('./papers.js')
    const paper = readPaper(this.machine, flags.answers)
    if ('trouble' in paper) {
      this.misused(paper.trouble, 'name a file with a line for each answer: queue: general/default')
      return undefined
    }
    const ofFile = answersIn(paper.text, flags.answers)
    const both = together(ofFile.answers, given)
    const findings = ofFile.findings.length > 0 ? ofFile.findings : both.findings
    if (findings.length === 0) return both.answers
    await this.told(findings, flags)
    return undefined
  }

  /** Says what stands in the way, with files under the path by which the reader finds them. */
  protected async told(findings: readonly Finding[], { file, answers }: AnswerChoices): Promise<void> {
    const { findingsText } = await import('../report/finding.js')
    const { relocated } = await import('../report/format.js')
    this.refusedWith(findings, findingsText(relocated(findings, this.folderOf(file), answers)))
  }
}

/** Said where all is answered but for the last question. */
export const nobodyToAsk: Finding = {
  code: 'no-consent',
  severity: 'error',
  what: 'nothing was written: there is nobody to ask',
  where: [],
  why: 'what is written should have been looked at',
  fix: 'pass --yes to have it written, or run it at a terminal',
}
