import { Flags } from '@oclif/core'
import { organizationFlags, type OrganizationChoices } from '../src/cli/flags.js'
import { variable } from '../src/cli/environment.js'
import type { Imported } from '../src/model/result.js'
import type { World } from '../src/workflow/world.js'
import { OrganizationCommand } from '../src/cli/organization-command.js'

const layouts = ['cluster', 'team'] as const

export default class Import extends OrganizationCommand {
  static override summary = 'Writes files from what is there, and proves that they leave nothing to plan.'
  static override description =
    'The files are read again and held against the organization before the first of them is written. If the next plan would not be empty, none is, and what stands in the way is named. What bridle has no word for is left as it is, with a comment. Secrets are written to no file.'
  static override examples = [
    {
      description: 'All of an organization, a file for each cluster:',
      command: '<%= config.bin %> import --organization acme',
    },
    {
      description: 'What somebody has changed by hand, into the files that are there:',
      command: '<%= config.bin %> import --update',
    },
    {
      description: 'One cluster and its pipelines, into another folder:',
      command:
        '<%= config.bin %> import --organization acme --cluster production --file production/bridle.yaml',
    },
  ]
  static override flags = {
    ...organizationFlags,
    organization: Flags.string({
      description: 'the organization’s slug; BUILDKITE_ORGANIZATION_SLUG if left out',
      helpValue: 'SLUG',
    }),
    by: Flags.custom<(typeof layouts)[number]>({
      description: 'what a file is about',
      options: [...layouts],
      default: 'cluster',
    })(),
    cluster: Flags.string({
      description: 'only this cluster, with its queues and pipelines',
      multiple: true,
      helpValue: 'NAME',
    }),
    team: Flags.string({ description: 'only this team', multiple: true, helpValue: 'SLUG' }),
    update: Flags.boolean({
      description: 'takes what has drifted into the files that are there, and changes nothing else in them',
    }),
    pipeline: Flags.string({ description: 'only this pipeline', multiple: true, helpValue: 'SLUG' }),
  }

  async run(): Promise<void> {
    const { flags } = await this.parse(Import)
    const { cluster: clusters = [], team: teams = [], pipeline: pipelines = [] } = flags
    const isPart = clusters.length + teams.length + pipelines.length > 0
    const part = isPart ? { part: { clusters, teams, pipelines } } : {}
    const { importing, updating } = await import('../src/workflow/import.js')
    if (flags.update) {
      if (flags.organization === undefined) await this.take(flags, (world) => updating(world, part))
      else this.misused('with --update, the files say which organization', 'leave --organization out')
      return
    }
    const said = variable(this.machine.env, 'BUILDKITE_ORGANIZATION_SLUG')
    const organization = flags.organization ?? said
    if (organization === undefined) {
      this.misused('nothing says which organization to import', 'name it with --organization SLUG')
      return
    }
    if (said !== undefined && said !== organization) {
      this.misused(
        `--organization says "${organization}", and BUILDKITE_ORGANIZATION_SLUG says "${said}"`,
        'make them agree, or unset the variable',
      )
      return
    }
    await this.take(flags, (world) => importing(world, { organization, by: flags.by, ...part }), true)
  }

  /** Finds files, writes them, and says what they say. */
  private async take(
    flags: OrganizationChoices,
    find: (world: World) => Promise<Imported>,
    needsNoFiles = false,
  ): Promise<void> {
    const { toAsk } = await import('../src/cli/connection.js')
    const result = await this.about(flags, {
      open: toAsk,
      needsNoFiles,
      find,
      refuse: (findings): Imported => ({ result: 'import', findings }),
    })
    if (result.files !== undefined) {
      const { writeFiles } = await import('../src/cli/write-files.js')
      const trouble = writeFiles(this.machine, flags.file, result.files)
      if (trouble !== undefined) {
        this.misused(trouble, 'name a root file in a folder that you may write to, with --file')
        return
      }
    }
    await this.conclude(result, flags)
  }
}
