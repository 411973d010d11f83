import type { Finding } from '../src/model/finding.js'
import type { Check } from '../src/model/result.js'
import { organizationFlags } from '../src/cli/flags.js'
import { OrganizationCommand } from '../src/cli/organization-command.js'

/** Before there is a conversation, AWS is asked for the key of policies alone. */
const isOfAws = (code: string): boolean => /\baws\b/.test(code)

const missing = ({ code, what, fix }: Finding): Check => ({
  name: code === 'unusable-signing-key' || isOfAws(code) ? 'policy key' : 'token',
  state: 'missing',
  what,
  fix,
})

export default class Doctor extends OrganizationCommand {
  static override summary =
    'Says what works and what is missing: token, scopes, limits, endpoints, organization. Changes nothing.'
  static override examples = [
    { description: 'Before the first plan:', command: '<%= config.bin %> doctor' },
    { description: 'Without files:', command: 'BUILDKITE_ORGANIZATION_SLUG=acme <%= config.bin %> doctor' },
  ]
  static override flags = { ...organizationFlags }

  async run(): Promise<void> {
    const { flags } = await this.parse(Doctor)
    const { doctor } = await import('../src/workflow/doctor.js')
    const { toAsk } = await import('../src/cli/connection.js')
    const result = await this.about(flags, {
      open: toAsk,
      find: (world) => doctor(world, this.signer),
      // Nobody could be asked: that is what is missing, and the files can wait.
      refuse: (findings) => ({ result: 'doctor', checks: findings.slice(-1).map(missing), findings: [] }),
      needsNoFiles: true,
    })
    await this.conclude(result, flags)
  }
}
