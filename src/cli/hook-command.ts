import { Flags } from '@oclif/core'
import type { GateReported } from '../model/result.js'
import type { GateForm } from '../report/format.js'
import type { PolicyFile } from '../workflow/hook-test.js'
import type { Machine } from './machine.js'
import { OrganizationCommand } from './organization-command.js'
import { readPaper } from './papers.js'

const forms: readonly GateForm[] = ['text', 'json', 'markdown']

/** The forms of an answer about gates. */
export const gateFormFlag = Flags.custom<GateForm>({
  description: 'the form of the answer; never its verdict',
  options: [...forms],
  default: 'text',
})

/** How long jq may take for some thousands of jobs. */
const jqSeconds = 300

/** A command about the gates on agents. */
export abstract class HookCommand extends OrganizationCommand {
  /** Now, in whole seconds, as policies say it. */
  protected second(): string {
    return `${new Date(this.machine.clock.now()).toISOString().slice(0, 19)}Z`
  }

  /** A policy that was named; `none` where it is none, which has been said then. */
  protected async policyIn(file: string | undefined): Promise<PolicyFile | 'none' | undefined> {
    if (file === undefined) return undefined
    const { policyIn } = await import('../workflow/hook-test.js')
    const paper = readPaper(this.machine, file)
    const policy = 'text' in paper ? policyIn(paper.text) : undefined
    if (typeof policy === 'object') return { name: file, policy }
    this.misused(
      'trouble' in paper ? paper.trouble : `${file} is no policy: ${policy ?? ''}`,
      'name what is in the parameter of the queue, or the policy.json of one of its hosts',
    )
    return 'none'
  }

  /** Prints the lines of files that would let in what gates refused, and nothing else; what there are none for is a note. */
  protected async suggest(reported: GateReported): Promise<void> {
    const { suggestionLeft, suggestionText } = await import('../report/hook.js')
    this.answer(suggestionText(reported), 0)
    for (const line of suggestionLeft(reported)) this.note(line)
  }
}

/** Asks jq with what a host has: no home, no library. */
export const askJq =
  (machine: Machine) =>
  (program: string, input: string): string | { readonly no: string } | undefined => {
    const ran = machine.run('jq', ['-n', '-c', '-a', program], {
      input,
      env: { HOME: '/nonexistent' },
      seconds: jqSeconds,
    })
    if (ran === undefined) return undefined
    return ran.status === 0 ? ran.stdout : { no: ran.stderr.slice(0, 300) || 'it was stopped' }
  }
