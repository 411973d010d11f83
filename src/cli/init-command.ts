import { dirname, resolve } from 'node:path'
import type { Finding } from '../model/finding.js'
import type { Answer } from '../model/onboarding.js'
import type { AccessChecked, Examined, Imported, Planned, Result } from '../model/result.js'
import { counted } from '../report/words.js'
import { typed } from '../report/typed.js'
import type { asksFirst, asksLast, Standing, Texts, Trusted } from '../workflow/init.js'
import { variable } from './environment.js'
import { exitOf, worstOf } from './exit.js'
import type { OrganizationChoices } from './flags.js'
import { isThere } from './papers.js'
import type { Prompts } from './prompts.js'
import { nobodyToAsk, WizardCommand } from './wizard-command.js'

/** What the flags of the command were given. */
type Choices = Omit<OrganizationChoices, 'format'> &
  Readonly<Partial<Record<(typeof asksFirst)[number] | (typeof asksLast)[number], string | undefined>>> & {
    readonly answers?: string | undefined
    readonly yes: boolean
  }

type Answers = ReadonlyMap<string, Answer>

/** The first run: from an organization that nobody has declared to files that leave nothing to plan. */
export abstract class InitCommand extends WizardCommand {
  private isSandboxSaid = false

  protected async begin(flags: Choices): Promise<void> {
    const given = await this.answered(undefined, flags)
    if (given === undefined) return
    if (isThere(this.machine, flags.file)) {
      await this.stopAt(thereAlready(flags.file))
      return
    }
    const { beginning } = await import('../workflow/init.js')
    const prompts = await this.prompts()
    const where = await this.withEnvironment(given, flags)
    const first = where && (await this.asked(beginning, where, prompts, flags))
    if (first === undefined) return
    const organization = first.answers.get('organization')?.value ?? ''
    if (!(await this.entered(flags, organization, prompts))) return
    if (!(await this.examined(flags))) return
    const by = first.answers.get('by')?.value === 'team' ? 'team' : 'cluster'
    const texts = await this.imported(flags, organization, by)
    if (texts !== undefined) await this.guarded(flags, { texts, given, prompts })
  }

  /** The environment says which organization it is, where nothing else does; nothing where they disagree. */
  private async withEnvironment(given: Answers, flags: Choices): Promise<Answers | undefined> {
    const name = 'BUILDKITE_ORGANIZATION_SLUG'
    const said = variable(this.machine.env, name)
    if (said === undefined) return given
    const { together } = await import('../workflow/onboard/answers.js')
    const environment: Answers = new Map([['organization', { value: said, from: name }]])
    const { answers, findings } = together(environment, given)
    if (findings.length === 0) return answers
    await this.told(findings, flags)
    return undefined
  }

  /** Sees to a token and the organization's name, for this run alone. @returns whether to go on */
  private async entered(
    { sandbox }: Choices,
    organization: string,
    prompts: Prompts | undefined,
  ): Promise<boolean> {
    const { env } = this.machine
    const known = env['BUILDKITE_API_TOKEN'] ?? ''
    let token: string | undefined = known
    if (known === '' && sandbox === undefined && prompts !== undefined) {
      const { saidIn } = await import('../report/question.js')
      const said = [
        'A token of an administrator, to read with: it is not shown, and kept nowhere.',
        'buildkite.com/user/api-access-tokens makes one.',
      ]
      this.note(saidIn(said, this.machine.stderr.columns).join('\n'))
      token = await prompts.askHidden('Token:')
      if (token === undefined) {
        this.stopped()
        return false
      }
      this.note('')
    }
    this.machine = {
      ...this.machine,
      env: { ...env, BUILDKITE_API_TOKEN: token.trim(), BUILDKITE_ORGANIZATION_SLUG: organization },
    }
    return true
  }

  /** Says what works and what is missing. @returns whether to go on */
  private async examined(flags: Choices): Promise<boolean> {
    const { doctor } = await import('../workflow/doctor.js')
    const result = await this.ask<Examined>(flags, doctor, (findings) => ({
      result: 'doctor',
      checks: [],
      findings,
    }))
    const told = { ...result, checks: result.checks.filter(({ name }) => name !== 'files') }
    if (result.findings.length > 0) await this.show(told, flags)
    else {
      const { checkLines } = await import('../report/question.js')
      const sandbox = this.sandbox === undefined ? [] : [this.paint()('warning', this.sandbox), '']
      this.isSandboxSaid = true
      const lines = [...sandbox, ...checkLines(told.checks, this.machine.stdout.columns), '']
      this.answer(`${lines.join('\n')}\n`, exitOf(told))
    }
    return exitOf(told) === 0
  }

  /** What is there, as files; nothing where they would not say all of it. */
  private async imported(
    flags: Choices,
    organization: string,
    by: 'cluster' | 'team',
  ): Promise<Texts | undefined> {
    const { importing } = await import('../workflow/import.js')
    const result = await this.ask<Imported>(
      flags,
      (world) => importing(world, { organization, by }),
      (findings) => ({ result: 'import', findings }),
    )
    if (result.files === undefined) await this.show(result, flags)
    else {
      const { importedText } = await import('../report/proposal.js')
      this.answer(`${importedText(result, this.paint())}\n`, 0)
    }
    return result.files
  }

  /** The first border; then the plan and the verdict, a question, and the files. */
  private async guarded(
    flags: Choices,
    {
      texts,
      given,
      prompts,
    }: { readonly texts: Texts; readonly given: Answers; readonly prompts: Prompts | undefined },
  ): Promise<void> {
    const { bordering, comingTo, trustedIn } = await import('../workflow/init.js')
    const { isFinding } = await import('../workflow/refused.js')
    const now = new Date(this.machine.clock.now()).toISOString()
    const trusted = await this.ask<Trusted | Finding>(
      flags,
      (world) => trustedIn(world, texts, now),
      ([finding]) => finding ?? nobodyToAsk,
    )
    if (isFinding(trusted)) {
      await this.stopAt(trusted)
      return
    }
    const standing = await this.standing(flags.file)
    const border = bordering(this.declared(flags.file), texts, { trusted, standing, now })
    const last = await this.asked(border.asking, given, prompts, flags)
    if (last === undefined) return
    const drawn = border.drawn(last.answers)
    if (drawn.findings.length > 0) {
      await this.told(drawn.findings, flags)
      return
    }
    const { diffText } = await import('../report/proposal.js')
    const { checkedOut, movedDiff } = await import('../report/format.js')
    const diff = movedDiff(drawn.diff, checkedOut(this.folderOf(flags.file)))
    if (diff !== '') this.answer(`${diffText(diff, this.paint())}\n`, 0)
    const coming = await this.ask<{ readonly planned: Planned; readonly checked?: AccessChecked }>(
      flags,
      (world) => comingTo(world, drawn.texts, now),
      (findings) => ({ planned: { result: 'plan', findings } }),
    )
    if (coming.planned.plan === undefined) {
      this.machine.setExitCode(worstOf(coming.planned.findings))
      await this.told(coming.planned.findings, flags)
      return
    }
    const { leftText } = await import('../report/proposal.js')
    this.answer(`${leftText(coming, this.machine.stdout.columns)}\n`, 0)
    const { scheduled } = drawn
    if (scheduled !== undefined) {
      const { saidIn } = await import('../report/question.js')
      const said = `The check of every night comes on top: ${scheduled.fresh.join(', ')}. The next plan makes what it needs, and asks the AWS account for it; the head of drift.yaml says what is to be done by hand.`
      this.answer(`${saidIn([said], this.machine.stdout.columns).join('\n')}\n\n`, 0)
    }
    await this.writing(flags, scheduled?.texts ?? drawn.texts, prompts)
  }

  /** Where the files will stand, as git knows it. */
  private async standing(file: string): Promise<Standing> {
    const { folderIn, gitIn } = await import('./git.js')
    const beside = dirname(resolve(this.machine.cwd, file))
    const { top, origin } = gitIn(this.machine, beside)
    return { repository: origin, folder: folderIn(top ?? beside, beside) }
  }

  private async writing(flags: Choices, texts: Texts, prompts: Prompts | undefined): Promise<void> {
    const count = counted(Object.keys(texts).length, 'file')
    if (!flags.yes && prompts === undefined) {
      await this.stopAt(nobodyToAsk)
      return
    }
    const consent = flags.yes || (await prompts?.confirm(`Write ${count}?`))
    if (consent === undefined) {
      this.stopped()
      return
    }
    if (!consent) {
      this.note('Nothing was written.')
      this.machine.setExitCode(5)
      return
    }
    const there = Object.keys(texts)
      .map((path) => `${this.folderOf(flags.file)}${path}`)
      .find((path) => isThere(this.machine, path))
    if (there !== undefined) {
      await this.stopAt(thereAlready(there))
      return
    }
    const { writeFiles } = await import('./write-files.js')
    const trouble = writeFiles(this.machine, flags.file, texts)
    if (trouble !== undefined) {
      this.misused(trouble, 'name a root file in a folder that you may write to, with --file')
      return
    }
    const tops = new Set(Object.keys(texts).map((path) => path.split('/')[0] ?? path))
    const paths = [...tops].map((path) => `${this.folderOf(flags.file)}${path}`)
    this.answer(
      [
        `Written: ${count}. Nothing has changed in Buildkite.`,
        '',
        'To keep them:',
        `  ${typed('git', 'add', ...paths)}`,
        `  ${typed('git', 'commit', '-m', 'Declare what is there')}`,
        '',
        'What comes next:',
        ...('drift.yaml' in texts
          ? []
          : [
              '  bridle drift --print-pipeline',
              '    a pipeline that compares them with the organization every night',
            ]),
        '  bridle access check',
        '    who gets code onto which agents, and by which path',
        '  bridle onboard',
        '    for whoever needs a pipeline, a team, a queue or a role',
        '',
      ].join('\n'),
      0,
    )
  }

  private async show(result: Result, { file }: Choices): Promise<void> {
    const { report } = await import('../report/format.js')
    const { sandbox, ...seen } = this.seenFrom(file)
    const isSaid = this.isSandboxSaid || sandbox === undefined
    this.isSandboxSaid = true
    const text = report(result, 'text', { paint: this.paint(), ...seen, ...(isSaid ? {} : { sandbox }) })
    this.answer(`${text}\n`, exitOf(result))
  }
}

const thereAlready = (file: string): Finding => ({
  code: 'files-there',
  severity: 'error',
  what: `${file} is there already`,
  where: [],
  why: 'a first run would write over what somebody has written',
  fix: 'add to it with `bridle onboard`, or name another root file with --file',
})
