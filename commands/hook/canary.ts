import { Args, Flags } from '@oclif/core'
import { queueTyped } from '../../src/cli/address-typed.js'
import { secondsFlag } from '../../src/cli/duration.js'
import { organizationFlags } from '../../src/cli/flags.js'
import { gateFormFlag, HookCommand } from '../../src/cli/hook-command.js'
import { writeBeside } from '../../src/cli/papers.js'

export default class HookCanary extends HookCommand {
  static override summary =
    'Starts a build that the gate of a queue has to refuse, and sees it refused. It can start builds and change nothing else.'
  static override description =
    'The pipeline is the `canary` of the queue’s hook. What was seen is kept in bridle.evidence.json, for `bridle access check`: it counts for a day, and for the policy that is published. One build is taken by one agent, of however many there are.'
  static override examples = [
    {
      description: 'One agent of the queue:',
      command: '<%= config.bin %> hook canary production/deploy',
    },
    {
      description: 'As many as may take part in five builds:',
      command: '<%= config.bin %> hook canary production/deploy --times 5 --wait 15m',
    },
  ]
  static override args = {
    queue: Args.string({ name: 'QUEUE', description: 'CLUSTER/KEY, or queue:CLUSTER/KEY', required: true }),
  }
  static override flags = {
    ...organizationFlags,
    format: gateFormFlag(),
    wait: secondsFlag({ description: 'how long all of it may take', default: 300, helpValue: '5m' }),
    times: Flags.integer({ description: 'how many builds are started', default: 1, min: 1, max: 50 }),
  }

  async run(): Promise<void> {
    const { args, flags } = await this.parse(HookCanary)
    const queue = queueTyped(args.queue)
    if (queue === undefined) {
      this.misused(`"${args.queue}" is no queue`, 'write it as production/deploy')
      return
    }
    const { hookCanary, evidenceFile } = await import('../../src/workflow/hook-canary.js')
    const { toStartCanary } = await import('../../src/cli/connection-to-canary.js')
    const { clock } = this.machine
    let evidence: string | undefined
    const result = await this.about(flags, {
      open: toStartCanary,
      agentsWork: true,
      find: async (world) => {
        const kept = await hookCanary(world, {
          queue,
          times: flags.times,
          waitSeconds: flags.wait,
          now: () => clock.now(),
          sleep: (ms) => clock.sleep(ms, this.stopping.signal),
        })
        evidence = kept.evidence
        return kept.result
      },
      refuse: (findings) => ({
        result: 'hook-canary' as const,
        queue,
        builds: [],
        recorded: false,
        withdrawn: false,
        findings,
      }),
    })
    const unsaved =
      evidence === undefined ? undefined : writeBeside(this.machine, flags.file, evidenceFile, evidence)
    await this.conclude(result, flags)
    if (unsaved !== undefined) this.misused(unsaved, 'let it be written: without it no gate is believed')
  }
}
