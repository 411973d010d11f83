import type { Address } from '../model/address.js'
import { codes } from '../model/codes.js'
import type { Finding } from '../model/finding.js'
import type { HostPlan } from '../workflow/hook-host.js'
import { HookCommand } from './hook-command.js'
import type { HostChoices } from './hook-host-flags.js'

/** A command about what goes onto the hosts of a queue. */
export abstract class HookHostCommand extends HookCommand {
  /** What goes there; nothing where that has been refused. */
  protected async planned(
    queue: Address,
    flags: HostChoices,
    withBootScript = false,
  ): Promise<HostPlan | undefined> {
    const missing = this.missing(flags.file)
    if (missing !== undefined) {
      await this.refuse([missing], flags.file)
      return undefined
    }
    const { pemOf, policyKeyOf } = await import('./policy-key.js')
    const key = policyKeyOf(this.machine)
    if (key !== undefined && 'code' in key) {
      await this.refuse([key], flags.file)
      return undefined
    }
    const policy = await this.policyIn(flags.policy)
    if (policy === 'none') return undefined
    const { hookHost } = await import('../workflow/hook-host.js')
    return hookHost(this.declared(flags.file), queue, {
      hooksPath: flags['hooks-path'],
      agentUser: flags['agent-user'],
      config: flags.config,
      withCredentials: flags.credentials,
      withBootScript,
      organization: flags['organization-uuid'],
      policy,
      key: key && { kid: key.publicKey.kid, pem: pemOf(key.publicKey) },
    })
  }
}

const stopped = (code: 'no-consent' | 'not-installed', what: string, fix: string): Finding => ({
  code,
  severity: 'error',
  what,
  where: [],
  why: codes[code].why,
  fix,
})

/** Silence is taken for no. */
export const nobodyToAsk = stopped(
  'no-consent',
  'there is no terminal to ask at, and nothing was changed',
  'pass --yes where a machine has the say',
)

/** The gate was not put on this machine, or does not stand there. */
export const notInstalled = (what: string): Finding =>
  stopped('not-installed', what, codes['not-installed'].fix)
