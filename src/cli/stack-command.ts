import type { StackImplied } from '../model/stack.js'
import type { StackForm } from '../report/stack.js'
import { OrganizationCommand } from './organization-command.js'

/** A command whose answer goes into a file for somebody else, so what stands in its way is no answer. */
export abstract class StackCommand extends OrganizationCommand {
  protected async print(implied: StackImplied, file: string, form: StackForm): Promise<void> {
    const { stack } = implied
    if (stack === undefined) {
      await this.refuse(implied.findings, file)
      return
    }
    const { stackReport } = await import('../report/stack.js')
    this.answer(stackReport({ ...implied, stack }, form, this.paint()), 0)
    if (form !== 'text') for (const note of stack.notes) this.note(`note: ${note}`)
  }
}
