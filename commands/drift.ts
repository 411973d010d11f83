import { basename, dirname, resolve } from 'node:path/posix'
import { Flags } from '@oclif/core'
import { queueTyped } from '../src/cli/address-typed.js'
import { daysFlag } from '../src/cli/duration.js'
import { organizationFlags, together, type OrganizationChoices } from '../src/cli/flags.js'
import { OrganizationCommand } from '../src/cli/organization-command.js'
import { stackFlags, stackOptions } from '../src/cli/stack-flags.js'

type StackChoices = Parameters<typeof stackOptions>[0] &
  Pick<OrganizationChoices, 'file' | 'format'> & { readonly queue?: string | undefined }

interface PipelineChoices {
  readonly file: string
  readonly 'out-dir'?: string | undefined
  readonly account?: string | undefined
  readonly repository?: string | undefined
  readonly branch: string
}

export default class Drift extends OrganizationCommand {
  static override summary =
    'Says what differs from the files, and what nobody declared. For schedules; changes nothing.'
  static override description =
    'In a job of Buildkite it annotates the build where something is wrong, and keeps its report as artifacts. With BRIDLE_SLACK_WEBHOOK_URL in the environment it tells a chat. BRIDLE_AWS_ROLES=prod=bridle-read enters accounts with other roles than the files say.'
  static override examples = [
    { description: 'Ends with 10 if something differs:', command: '<%= config.bin %> drift' },
    {
      description: 'And what is new in privileged clusters:',
      command: '<%= config.bin %> drift --created-within 7d',
    },
    {
      description: 'The pipeline that runs this every night, as files to review:',
      command: '<%= config.bin %> drift --print-pipeline --repository git@github.com:acme/organization.git',
    },
    {
      description: 'What is new since last night:',
      command: '<%= config.bin %> drift --since bridle-drift.json',
    },
    {
      description: 'In a job of Buildkite, without an annotation and artifacts:',
      command: '<%= config.bin %> drift --no-annotate',
    },
    {
      description: 'Whether a stack is as its queue implies; no organization is asked:',
      command: '<%= config.bin %> drift --stack stack.json',
    },
  ]
  static override flags = {
    ...organizationFlags,
    'created-within': daysFlag({
      description: 'lists what was created in privileged clusters in that time, and by whom',
      helpValue: '7d',
    }),
    since: Flags.string({
      description: 'says what is new and what is gone since an earlier run: what its --format json printed',
      helpValue: 'FILE',
    }),
    who: Flags.boolean({
      description:
        'says who changed what differs, when, and by which way: of organizations with an audit log',
    }),
    'no-annotate': Flags.boolean({
      description: 'in a job of Buildkite: neither annotates its build nor keeps the report as artifacts',
    }),
    'print-pipeline': Flags.boolean({
      description:
        'prints the pipeline that runs this every night, with its cluster, queue, roles and schedule; asks nobody',
    }),
    ...together('PIPELINE', {
      'out-dir': Flags.string({
        description: 'writes these files into a folder instead, where none of them is yet',
        helpValue: 'FOLDER',
      }),
      account: Flags.string({
        description: 'the account under `aws.accounts` that holds the token of that pipeline',
        helpValue: 'NAME',
      }),
      repository: Flags.string({
        description: 'the repository of the files; the one that git calls origin here, if left out',
        helpValue: 'URL',
      }),
      branch: Flags.string({
        description: 'its protected branch',
        default: 'main',
        helpValue: 'NAME',
      }),
    }),
    stack: Flags.string({
      description:
        'holds a live stack against its queue, and nothing else: what `aws cloudformation describe-stacks` printed',
      helpValue: 'FILE',
    }),
    ...together('STACK', {
      queue: Flags.string({
        description: 'the queue that the stack is of, where its parameters do not tell',
        helpValue: 'CLUSTER/KEY',
      }),
      ...stackFlags,
    }),
  }

  async run(): Promise<void> {
    const { flags } = await this.parse(Drift)
    if (flags.stack !== undefined) {
      if (flags['created-within'] === undefined) await this.ofStack(flags, flags.stack)
      else this.misused('--stack looks at nothing but the stack', 'ask for --created-within by itself')
      return
    }
    const about = (['queue', 'token', 'token-key', 'bootstrap-url'] as const).find(
      (name) => flags[name] !== undefined,
    )
    if (about !== undefined) {
      this.misused(`--${about} is about a stack`, 'add --stack FILE')
      return
    }
    if (flags['print-pipeline']) {
      await this.printPipeline(flags)
      return
    }
    const aboutPipeline = (['out-dir', 'account', 'repository'] as const).find(
      (name) => flags[name] !== undefined,
    )
    if (aboutPipeline !== undefined) {
      this.misused(`--${aboutPipeline} is about the pipeline`, 'add --print-pipeline')
      return
    }
    const days = flags['created-within']
    const { drift } = await import('../src/workflow/drift.js')
    const { toBeat } = await import('../src/cli/connection-to-beat.js')
    const { exitOf } = await import('../src/cli/exit.js')
    const { buildIn, isInJob, shareIn } = await import('../src/cli/build-page.js')
    const share = shareIn(this.machine)
    // An agent gives its jobs a terminal, and nobody sits at it.
    const isScheduled = (isInJob(this.machine) || !this.machine.canAsk) && (share?.job ?? 1) === 1
    const { post } = await import('../src/cli/post.js')
    const { compared } = await import('../src/workflow/since.js')
    const since = flags.since === undefined ? undefined : await this.earlier(flags.since)
    const found = await this.about(flags, {
      open: toBeat,
      find: (world) =>
        drift(world, {
          ...(days !== undefined && { createdWithinDays: days }),
          who: flags.who,
          examinesToken: this.sandbox === undefined && isInJob(this.machine),
          // Whoever looks by hand is no schedule, and must not make a deleted one look alive.
          ...(isScheduled && {
            beats: {
              exitOf,
              build: buildIn(this.machine),
              // A make-believe organization is nobody's business outside.
              post: this.sandbox === undefined ? (url, json) => post(this.machine, url, json) : undefined,
            },
          }),
        }),
      refuse: (findings) => ({ result: 'drift', findings }),
    })
    const at = new Date(this.machine.clock.now()).toISOString()
    const result = compared(found, { at, since, isSandbox: this.sandbox !== undefined })
    await this.conclude(result, flags)
    if (share !== undefined && share.job > 1) {
      this.aside([
        `job ${share.job} of ${share.of} tells nobody and writes no heartbeat: drift reads lists of the whole organization, so there are no shares, and job 1 says the same`,
      ])
      return
    }
    const { tellBuildOfDrift, tellChatOfDrift } = await import('../src/cli/drift-told.js')
    this.aside([
      ...(flags['no-annotate'] ? [] : tellBuildOfDrift(this.machine, result, this.seenFrom(flags.file))),
      ...(await tellChatOfDrift(this.machine, result, this.sandbox)),
    ])
  }

  private async printPipeline(flags: PipelineChoices): Promise<void> {
    const missing = this.missing(flags.file)
    if (missing !== undefined) {
      await this.refuse([missing], flags.file)
      return
    }
    if (!/^[^\s*!]+$/.test(flags.branch)) {
      this.misused(`--branch ${flags.branch} is no branch, but a pattern`, 'name one protected branch')
      return
    }
    const { folderIn, gitIn } = await import('../src/cli/git.js')
    const beside = dirname(resolve(this.machine.cwd, flags.file))
    const { top, origin } = gitIn(this.machine, beside)
    const repository = flags.repository ?? origin
    if (repository === undefined) {
      this.misused('git knows no `origin` here', 'name the repository of the files with --repository')
      return
    }
    const { printPipeline } = await import('../src/workflow/print-pipeline.js')
    const printed = printPipeline(this.declared(flags.file), {
      account: flags.account,
      repository,
      branch: flags.branch,
      folder: folderIn(top ?? this.machine.cwd, beside),
      root: basename(flags.file),
    })
    if ('findings' in printed) await this.refuse(printed.findings, flags.file)
    else if ('missing' in printed)
      this.misused(
        printed.missing === 'account'
          ? 'the files declare no AWS account, and the token has to be kept in one'
          : `the files declare no account "${flags.account ?? ''}"`,
        'declare it under `aws.accounts`: { id: "111111111111", region: eu-west-1 }',
      )
    else await this.hand(printed.files, flags)
  }

  /** Prints files one after the other, or writes them where none is in the way. */
  private async hand(
    files: Readonly<Record<string, string>>,
    { file, 'out-dir': folder }: PipelineChoices,
  ): Promise<void> {
    const all = Object.entries(files)
    if (folder === undefined) {
      this.answer(all.map(([path, text]) => `# ==> ${path}\n${text}`).join('\n'), 0)
      return
    }
    const { isThere } = await import('../src/cli/papers.js')
    const { writeFiles } = await import('../src/cli/write-files.js')
    const there = all.map(([path]) => `${folder}/${path}`).find((path) => isThere(this.machine, path))
    if (there !== undefined) {
      this.misused(`there is ${there} already`, 'name another folder, and compare')
      return
    }
    const trouble = writeFiles(this.machine, `${folder}/drift.yaml`, files)
    if (trouble !== undefined) {
      this.misused(trouble, 'name a folder that you may write in with --out-dir')
      return
    }
    this.answer(all.map(([path]) => `${folder}/${path}\n`).join(''), 0)
    if (resolve(this.machine.cwd, folder) !== dirname(resolve(this.machine.cwd, file)))
      this.note(`note: they belong beside ${file}: drift.yaml names the others from there`)
  }

  /** Whatever is wrong with it is said in the answer: a night without its labels is better than one without a check. */
  private async earlier(file: string) {
    const { readPaper } = await import('../src/cli/papers.js')
    return { file, ...readPaper(this.machine, file) }
  }

  private async ofStack(flags: StackChoices, file: string): Promise<void> {
    const queue = flags.queue === undefined ? undefined : queueTyped(flags.queue)
    if (flags.queue !== undefined && queue === undefined) {
      this.misused(`"${flags.queue}" is no queue`, 'write it as production/deploy')
      return
    }
    const { readPaper } = await import('../src/cli/papers.js')
    const paper = readPaper(this.machine, file)
    if ('trouble' in paper) {
      this.misused(paper.trouble, 'name a file that `aws cloudformation describe-stacks` wrote')
      return
    }
    const { stackDrift } = await import('../src/workflow/stack.js')
    const missing = this.missing(flags.file)
    const options = { ...stackOptions(flags), ...paper, file, queue }
    await this.conclude(
      missing === undefined
        ? stackDrift(this.declared(flags.file), options)
        : { result: 'drift', findings: [missing] },
      flags,
    )
  }
}
