import { Flags } from '@oclif/core'
import type { PageFormat } from '../report/explain.js'
import type { Format } from '../report/format.js'

/** Not from `report`: a command that is only asked for help should not load it. */
const pageFormats: readonly PageFormat[] = ['text', 'json', 'markdown']
const formats: readonly Format[] = [...pageFormats, 'sarif', 'junit']

/** For commands that show pages. */
export const pageFlags = {
  format: Flags.custom<PageFormat>({
    description: 'the form of the pages',
    options: [...pageFormats],
    default: 'text',
  })(),
}

/** For commands that give an answer. */
export const answerFlags = {
  format: Flags.custom<Format>({
    description: 'the form of the answer; never its verdict',
    options: [...formats],
    default: 'text',
  })(),
}

/** For commands that read files. */
export const fileFlags = {
  file: Flags.string({ char: 'f', description: 'the root file', default: 'bridle.yaml', helpValue: 'FILE' }),
}

/** For commands that ask no organization: whoever types `--sandbox` on everything need not take it away here. */
export const offlineFlags = {
  sandbox: Flags.string({ description: 'taken and not needed: no organization is asked', hidden: true }),
}

/** Where the organization is. */
export const stageFlags = {
  sandbox: Flags.string({
    description:
      'a make-believe organization instead of Buildkite, kept in STATE: bridle.sandbox.json if left out',
    helpValue: '[STATE]',
  }),
  'trust-endpoint': Flags.string({
    description: 'a host beside Buildkite’s own that may be sent the token',
    helpValue: 'HOST',
  }),
}

/** For commands that talk to an organization. */
export const organizationFlags = {
  ...fileFlags,
  ...answerFlags,
  ...stageFlags,
}

/** Flags that go with one other flag, and stand by themselves in help. */
export const together = <Group extends Readonly<Record<string, { helpGroup?: string }>>>(
  helpGroup: string,
  flags: Group,
): Group =>
  Object.fromEntries(Object.entries(flags).map(([name, flag]) => [name, { ...flag, helpGroup }])) as Group

/** What `organizationFlags` were given. */
export interface OrganizationChoices {
  readonly file: string
  readonly format: Format
  readonly sandbox?: string | undefined
  readonly 'trust-endpoint'?: string | undefined
}
