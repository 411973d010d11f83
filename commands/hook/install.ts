import { Args, Flags } from '@oclif/core'
import { queueTyped } from '../../src/cli/address-typed.js'
import { fileFlags, offlineFlags } from '../../src/cli/flags.js'
import { gateFormFlag } from '../../src/cli/hook-command.js'
import { HookHostCommand, nobodyToAsk, notInstalled } from '../../src/cli/hook-host-command.js'
import { hostFlags, type HostChoices } from '../../src/cli/hook-host-flags.js'
import { isThere, readPaper, writeBeside, writePaper } from '../../src/cli/papers.js'
import type { Address } from '../../src/model/address.js'
import type { PolicyFile } from '../../src/workflow/hook-test.js'

/** How long a host may take to look at itself. */
const checkSeconds = 60
/** And to be made a gated one: the keeper may have to wait for SSM. */
const installSeconds = 180

export default class HookInstall extends HookHostCommand {
  static override summary = 'Makes this machine a gated host of a queue, or says whether a host is one.'
  static override description =
    'Runs, as root, what `bridle hook print --script` prints. With --check it touches nothing: a host says what voids its gate, and that is written down for the verdict. Hosts seldom have bridle: have them say it with /usr/lib/bridle/check-host --format json, and read that with --from.'
  static override examples = [
    {
      description: 'On a machine that has bridle, as root:',
      command: '<%= config.bin %> hook install production/deploy --policy policy.json',
    },
    {
      description: 'Whether the gate of this machine stands:',
      command: '<%= config.bin %> hook install --check',
    },
    {
      description: 'Whether that of another one does, by what it said:',
      command: '<%= config.bin %> hook install --check --from report.json',
    },
  ]
  static override args = {
    queue: Args.string({ name: 'QUEUE', description: 'CLUSTER/KEY, or queue:CLUSTER/KEY' }),
  }
  static override flags = {
    ...fileFlags,
    ...offlineFlags,
    format: gateFormFlag(),
    check: Flags.boolean({ description: 'looks, and touches nothing' }),
    from: Flags.string({
      description: 'what check-host said on another host',
      helpValue: 'FILE',
      dependsOn: ['check'],
    }),
    out: Flags.string({
      description: 'where it is written down: bridle.evidence.json beside the root file if left out',
      helpValue: 'FILE',
      dependsOn: ['check'],
    }),
    yes: Flags.boolean({ char: 'y', description: 'does not ask' }),
    replace: Flags.boolean({
      description: 'where a hook of somebody else’s stands in the way: it is kept in /etc/bridle',
    }),
    ...hostFlags,
  }

  async run(): Promise<void> {
    const { args, flags } = await this.parse(HookInstall)
    const queue = args.queue === undefined ? undefined : queueTyped(args.queue)
    if (args.queue !== undefined && queue === undefined) {
      this.misused(`"${args.queue}" is no queue`, 'write it as production/deploy')
      return
    }
    if (flags.check) {
      const said = flags.from === undefined ? await this.ask(flags) : readPaper(this.machine, flags.from)
      if ('trouble' in said) {
        this.misused(said.trouble)
        return
      }
      const policy = await this.policyIn(flags.policy)
      if (policy !== 'none') await this.conclude(await this.checked(said.text, queue, flags, policy), flags)
      return
    }
    if (queue === undefined) {
      this.misused('it is not said whose host this is to be', 'name the queue: bridle hook install QUEUE')
      return
    }
    await this.install(queue, flags)
  }

  /** Has this machine look at itself. */
  private async ask(flags: HostChoices): Promise<{ readonly text: string } | { readonly trouble: string }> {
    const { checkHost } = await import('../../src/workflow/hook-host.js')
    const argv = ['--format', 'json', '--agent-user', flags['agent-user']]
    const ran = this.machine.run('/bin/sh', ['-c', checkHost, 'check-host', ...argv], {
      seconds: checkSeconds,
    })
    if (ran === undefined) return { trouble: 'this machine has no /bin/sh' }
    return ran.stdout === ''
      ? { trouble: `this machine said nothing of its gate: ${ran.stderr.slice(0, 300)}` }
      : { text: ran.stdout }
  }

  private async checked(
    text: string,
    queue: Address | undefined,
    flags: {
      readonly file: string
      readonly from?: string | undefined
      readonly out?: string | undefined
    },
    policy: PolicyFile | undefined,
  ) {
    const { hookCheck } = await import('../../src/workflow/hook-check.js')
    const { evidenceFile } = await import('../../src/workflow/evidence.js')
    const isDeclared = isThere(this.machine, flags.file)
    const name = flags.from ?? 'what this machine said'
    const { checked, evidence } = hookCheck(isDeclared ? this.declared(flags.file) : undefined, {
      text,
      name,
      queue,
      policy,
      now: this.second(),
    })
    if (evidence === undefined) return checked
    const { out } = flags
    const trouble =
      out === undefined
        ? writeBeside(this.machine, flags.file, evidenceFile, evidence)
        : writePaper(this.machine, out, evidence)
    if (trouble !== undefined) {
      this.note(`warning: ${trouble}, so it is not written down`)
      return checked
    }
    return { ...checked, recorded: out ?? evidenceFile }
  }

  private async install(
    queue: Address,
    flags: HostChoices & { readonly yes: boolean; readonly replace: boolean },
  ): Promise<void> {
    const plan = await this.planned(queue, flags)
    if (plan === undefined) return
    if (plan.script === undefined) {
      await this.refuse(plan.lacking, flags.file)
      return
    }
    const files = plan.printed.files.length
    if (!flags.yes) {
      if (!this.machine.canAsk) {
        await this.stopAt(nobodyToAsk)
        return
      }
      if (!(await this.machine.ask(`Make this machine a gated host of ${queue}, with ${files} files?`))) {
        this.machine.setExitCode(5)
        return
      }
    }
    const ran = this.machine.run('/bin/sh', ['-s', '--', ...(flags.replace ? ['--replace'] : [])], {
      input: plan.script,
      seconds: installSeconds,
    })
    if (ran?.status === 0) {
      this.answer(ran.stdout, 0)
      return
    }
    this.machine.stdout.write(ran?.stdout ?? '')
    const said = ran === undefined ? 'this machine has no /bin/sh' : lastLine(ran.stderr)
    await this.stopAt(notInstalled(said ?? 'the gate does not stand: see above'))
  }
}

const lastLine = (text: string): string | undefined =>
  text.trim() === ''
    ? undefined
    : text
        .trim()
        .split('\n')
        .at(-1)
        ?.replace(/^bridle: FAILED: /, '')
