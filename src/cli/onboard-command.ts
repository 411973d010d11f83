import { dirname, join, resolve, sep } from 'node:path'
import type { Finding } from '../model/finding.js'
import type { Proposal, Turn } from '../model/onboarding.js'
import { typed } from '../report/typed.js'
import type { Planned } from '../model/result.js'
import type { Here, Session } from '../workflow/onboard.js'
import { variable } from './environment.js'
import { worstOf } from './exit.js'
import type { Git } from './git.js'
import type { answerFlags } from './onboard-flags.js'
import { isThere } from './papers.js'
import type { Prompts } from './prompts.js'
import type { WatchedFiles } from './watched-files.js'
import { nobodyToAsk, WizardCommand } from './wizard-command.js'

/** What the flags of the command were given. */
type Choices = { readonly [Name in keyof typeof answerFlags]?: string | undefined } & {
  readonly file: string
  readonly answers?: string | undefined
  readonly yes: boolean
  readonly commit: boolean
  readonly offline: boolean
  readonly sandbox?: string | undefined
  readonly 'trust-endpoint'?: string | undefined
}

/** A conversation that ends in edited files, and never in a changed organization. */
export abstract class OnboardCommand extends WizardCommand {
  protected async onboard(what: string | undefined, flags: Choices): Promise<void> {
    const given = await this.answered(what, flags)
    if (given === undefined) return
    const missing = this.missing(flags.file)
    if (missing !== undefined) {
      await this.stopAt(missing)
      return
    }
    const { watched } = await import('./watched-files.js')
    const { gitIn } = await import('./git.js')
    const { sessionOf, onboarding } = await import('../workflow/onboard.js')
    const declared = this.declared(flags.file)
    const files = watched(declared.files)
    const here = this.hereOf(gitIn(this.machine, this.machine.cwd), flags.file)
    const read = sessionOf(
      { ...declared, files: files.files },
      {
        here,
        now: new Date(this.machine.clock.now()).toISOString(),
        organization: variable(this.machine.env, 'BUILDKITE_ORGANIZATION_SLUG'),
      },
    )
    if (!('wanted' in read)) {
      await this.told(read, flags)
      return
    }
    const session = given.has('email') ? read : { ...read, here: await this.byToken(read, flags) }
    const git = gitIn(this.machine, dirname(resolve(this.machine.cwd, flags.file)))
    const prompts = await this.prompts()
    const held = await this.asked((answers) => onboarding(session, answers), given, prompts, flags)
    if (held !== undefined) await this.propose(held.turn, { flags, files, git, prompts })
  }

  /** Whether there is an organization to ask. */
  private isOnline({ offline, sandbox }: Choices): boolean {
    return (
      !offline && (sandbox !== undefined || variable(this.machine.env, 'BUILDKITE_API_TOKEN') !== undefined)
    )
  }

  /** Who asks, by the token, where the files do not name whom git does. */
  private async byToken(session: Session, flags: Choices): Promise<Here> {
    const { here } = session
    const { isNamed, viewerIn } = await import('../workflow/onboard.js')
    if (!this.isOnline(flags) || (here.email !== undefined && isNamed(session, here.email.value))) return here
    const email = await this.ask<string | Finding>(
      flags,
      (world) => viewerIn(world, session),
      ([finding]) => finding ?? nobodyToAsk,
    )
    return typeof email === 'string' && isNamed(session, email)
      ? { ...here, email: { value: email, because: 'whose token it is' } }
      : here
  }

  private hereOf(git: Git, file: string): Here {
    const home = this.machine.disk.real(dirname(resolve(this.machine.cwd, file)))
    const inside = git.top === undefined ? undefined : this.machine.disk.real(git.top)
    return {
      email: git.email === undefined ? undefined : { value: git.email, because: 'git config user.email' },
      repository:
        git.origin === undefined ? undefined : { value: git.origin, because: 'git remote get-url origin' },
      isRepositoryOfFiles:
        inside !== undefined && home !== undefined && (home === inside || home.startsWith(`${inside}${sep}`)),
    }
  }

  /** Shows it, asks once, writes, and says what comes next. */
  private async propose(
    { proposal }: Turn,
    {
      flags,
      files,
      git,
      prompts,
    }: {
      readonly flags: Choices
      readonly files: WatchedFiles
      readonly git: Git
      readonly prompts: Prompts | undefined
    },
  ): Promise<void> {
    if (proposal === undefined) throw new Error('a session without questions came to nothing')
    const { inOrganizationText, proposalText } = await import('../report/proposal.js')
    const folder = this.folderOf(flags.file)
    const planned =
      proposal.isRefused || !this.isOnline(flags) ? undefined : await this.planned(proposal, flags)
    const paint = this.paint()
    const sandbox = this.sandbox === undefined ? '' : `${paint('warning', this.sandbox)}\n\n`
    this.answer(`${sandbox}${proposalText(await this.shown(proposal, flags.file), paint)}\n`, 0)
    if (planned !== undefined) {
      const { relocated } = await import('../report/format.js')
      this.answer(`${inOrganizationText(relocated(planned, folder), proposal, paint)}\n`, 0)
    }
    const opens = (planned?.plan?.access?.opens ?? []).length > 0
    if (proposal.isRefused || opens) {
      this.note('Refused: nothing was written.')
      this.machine.setExitCode(opens ? 11 : worstOf(proposal.findings))
      return
    }
    const paths = proposal.files.map(({ path }) => `${folder}${path}`)
    const own = proposal.files.map(({ path }) => path)
    const branch = `bridle/${proposal.slug}`
    const unfit = flags.commit ? this.uncommittable(git, own, branch) : undefined
    if (unfit !== undefined) {
      await this.stopAt(unfit)
      return
    }
    if (!flags.yes && prompts === undefined) {
      await this.stopAt(nobodyToAsk)
      return
    }
    const consent = flags.yes || (await prompts?.confirm(`Write this to ${paths.join(' and ')}?`))
    if (consent === undefined) {
      this.stopped()
      return
    }
    if (!consent) {
      this.note('Nothing was written.')
      this.machine.setExitCode(5)
      return
    }
    const changed = [...new Set([...files.changed(), ...this.comeMeanwhile(proposal, flags.file)])]
    if (changed.length > 0) {
      await this.stopAt(changedMeanwhile(changed.map((path) => `${folder}${path}`)))
      return
    }
    const { writeFiles } = await import('./write-files.js')
    const texts = Object.fromEntries(proposal.files.map(({ path, after }) => [path, after]))
    const trouble = writeFiles(this.machine, flags.file, texts)
    if (trouble !== undefined) {
      this.misused(trouble, 'look at the folder’s permissions, and run it again')
      return
    }
    await this.written(proposal, { git, folder, own, branch, isCommitted: flags.commit })
  }

  /** The plan of the files as they would be. */
  private async planned(proposal: Proposal, flags: Choices): Promise<Planned> {
    const { inOrganization } = await import('../workflow/onboard.js')
    return await this.ask<Planned>(
      flags,
      (world) => inOrganization(world, proposal),
      (findings) => ({ result: 'plan', findings }),
    )
  }

  /** Says what was written, and what comes next. */
  private async written(
    { title, notes }: Proposal,
    {
      git,
      folder,
      own,
      branch,
      isCommitted,
    }: {
      readonly git: Git
      readonly folder: string
      readonly own: readonly string[]
      readonly branch: string
      readonly isCommitted: boolean
    },
  ): Promise<void> {
    const { saidIn } = await import('../report/question.js')
    const message = `Add ${title}`
    const trouble = isCommitted ? git.commit(branch, message, own) : undefined
    const width = this.machine.stdout.columns
    const say = (lines: readonly string[]) => this.answer(`${lines.join('\n')}\n`, 0)
    say([
      `Written: ${own.map((path) => `${folder}${path}`).join(', ')}`,
      '',
      ...(notes.length === 0 ? [] : [...saidIn(notes, width), '']),
    ])
    if (trouble !== undefined) {
      await this.stopAt({
        ...notCommitted(`it is written, and not committed: ${trouble}`),
        fix: 'look at `git status`, and commit it by hand',
      })
      return
    }
    const push = typed('git', 'push', '-u', 'origin', branch)
    const commands = [
      ...(folder === '' ? [] : [typed('cd', folder)]),
      typed('git', 'switch', '-c', branch),
      typed('git', 'add', ...own),
      typed('git', 'commit', '-m', message),
      push,
    ]
    say([
      ...(isCommitted
        ? [`Committed on branch ${branch}. To have it reviewed:`, `  ${push}`]
        : git.top === undefined
          ? ['The files are in no git repository here: show them to whoever reviews them.']
          : ['To have it reviewed:', ...commands.map((line) => `  ${line}`)]),
      '',
      ...saidIn(
        [
          'Nothing has changed in Buildkite yet. `bridle plan` shows what would, and whoever applies it does that once it is merged.',
        ],
        width,
      ),
    ])
  }

  /** Files that were not there, and are now. */
  private comeMeanwhile({ files }: Proposal, rootFile: string): readonly string[] {
    return files
      .filter(({ before }) => before === undefined)
      .map(({ path }) => path)
      .filter((path) => isThere(this.machine, join(dirname(rootFile), path)))
  }

  private uncommittable(git: Git, paths: readonly string[], branch: string): Finding | undefined {
    if (git.top === undefined) return notCommitted('there is no git repository here')
    const dirty = git.dirty(paths)
    if (dirty.length > 0)
      return {
        ...notCommitted(`${dirty.join(' and ')} has changes that nobody committed`),
        fix: 'commit or stash them first, or leave --commit out',
      }
    return git.hasBranch(branch)
      ? {
          ...notCommitted(`there is a branch ${branch} already`),
          fix: `delete it with \`git branch -d ${branch}\`, or leave --commit out`,
        }
      : undefined
  }

  /** A proposal, with files under the path by which the reader finds them. */
  private async shown(proposal: Proposal, file: string): Promise<Proposal> {
    const { checkedOut, movedDiff, relocated } = await import('../report/format.js')
    const folder = this.folderOf(file)
    return {
      ...proposal,
      diff: movedDiff(proposal.diff, checkedOut(folder)),
      findings: relocated(proposal.findings, folder),
    }
  }
}

const changedMeanwhile = (paths: readonly string[]): Finding => ({
  code: 'file-changed',
  severity: 'error',
  what: `${paths.join(' and ')} changed meanwhile, so nothing was written`,
  where: [],
  why: 'what was shown was about the files as they were',
  fix: 'run it again: it begins with the files as they are now',
})

const notCommitted = (what: string): Finding => ({
  code: 'can-not-commit',
  severity: 'error',
  what,
  where: [],
  why: 'the commit would hold something else than what was shown',
  fix: 'run it where the files are, or leave --commit out',
})
