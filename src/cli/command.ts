import { Command, Errors, Flags } from '@oclif/core'
import type { Finding } from '../model/finding.js'
import { unpainted } from '../report/paint.js'
import type { Paint } from '../report/paint.js'
import { visible } from '../report/escape.js'
import { paintFor } from './colour.js'
import { currentMachine } from './current-machine.js'
import { exitOfCode, worstOf, type Exit } from './exit.js'
import { misuseOf } from './misuse.js'

/**
 * What all commands share. oclif's own ways with exit codes, errors and `--json` are cured here.
 *
 * @source toolchain notes: `this.exit` prints an error object, errors are wrapped at the terminal's width, and flag
 * errors carry what came from the environment; so nothing is thrown to oclif and nothing exits early
 */
export abstract class BridleCommand extends Command {
  static override baseFlags = {
    'no-color': Flags.boolean({ description: 'no colours', helpGroup: 'GLOBAL' }),
    debug: Flags.boolean({ description: 'where it happened, if bridle has a bug', helpGroup: 'GLOBAL' }),
  }

  /** Set anew only where a person has said what the environment did not. */
  protected machine = currentMachine()

  /** Colour for what goes to standard output, if somebody looks there. */
  protected paint(): Paint {
    const { env, stdout } = this.machine
    return paintFor(env, stdout.isTTY, this.argv.includes('--no-color'))
  }

  /** The answer, and how the process will end. */
  protected answer(text: string, exit: Exit): void {
    this.machine.stdout.write(text)
    this.machine.setExitCode(exit)
  }

  /** What is not the answer: a note, a hint, a question's frame. */
  protected note(text: string): void {
    this.machine.stderr.write(`${text.split('\n').map(visible).join('\n')}\n`)
  }

  /** What did not work beside the answer, and changes nothing about it. */
  protected aside(troubles: readonly string[]): void {
    for (const trouble of troubles) this.note(`warning: ${trouble}`)
  }

  /** Something stands in the way, where there is no answer to say it in. */
  protected async stopAt(finding: Finding): Promise<void> {
    const { findingText } = await import('../report/finding.js')
    this.note(findingText(finding, unpainted))
    this.machine.setExitCode(exitOfCode(finding.code))
  }

  /** The same for several, which somebody has put into words. */
  protected refusedWith(findings: readonly Finding[], said: string): void {
    this.note(said)
    this.machine.setExitCode(worstOf(findings))
  }

  /** The command makes no sense: says why, and what would. */
  protected misused(what: string, fix?: string): void {
    this.note(
      `error: ${visible(what)}\n  = fix: ${visible(fix ?? `\`${['bridle', ...this.words(), '--help'].join(' ')}\` shows what it takes`)}`,
    )
    this.machine.setExitCode(2)
  }

  /** The same, where whoever found out has said it all. */
  protected notUnderstood(said: string): void {
    this.note(`error: ${said}`)
    this.machine.setExitCode(2)
  }

  override catch(error: unknown): Promise<void> {
    this.parsed = true // else oclif warns of a command that stopped before it looked at its flags
    if (error instanceof Errors.CLIError) {
      const { what, fix } = misuseOf(error, this.flagNames())
      this.misused(what, fix)
    } else this.confess(error)
    return Promise.resolve()
  }

  private flagNames(): readonly string[] {
    const { flags, baseFlags } = this.ctor
    return Object.entries({ ...baseFlags, ...flags }).flatMap(([name, { hidden }]) =>
      hidden === true ? [] : [name],
    )
  }

  private words(): readonly string[] {
    return this.id?.split(':') ?? []
  }

  /** Whatever is thrown and is not a person's mistake is ours. */
  private confess(error: unknown): void {
    const { name, message, stack } = error instanceof Error ? error : new Error(String(error))
    const isAsked = this.argv.includes('--debug')
    this.note(`bridle has a bug: ${visible(`${name}: ${message}`)}`)
    if (isAsked)
      this.note(
        (stack ?? '')
          .split('\n')
          .filter((line) => /^ +at /.test(line))
          .join('\n'),
      )
    else this.note('  = fix: run it again with --debug, and report what it says')
    this.machine.setExitCode(1)
  }
}
