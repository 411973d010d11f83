import * as z from 'zod'
import { accessCodes } from '../../model/access-codes.js'
import { buildSources, gateChecks } from '../../model/gate.js'
import { roleCodes } from '../../model/role-codes.js'

/** Something that is written beside the keys of a thing, or at the top, and that is no kind of thing. */
export interface Aside {
  /** Where it stands; a star is a name that a person chose. */
  readonly place: readonly string[]
  /** What may be written there. */
  readonly written: z.ZodType
  /** The word that `may` has to grant an included file for it, where the section that it stands in is not enough. */
  readonly grant?: string
  /** True where `defaults` may give it. A border stands where it is looked for: at what it guards. */
  readonly inherits?: boolean
}

const slug = z.string().min(1).max(255)

const email = z
  .string()
  .max(255)
  .regex(/^[^\s@:]+@[^\s@:]+$/, { error: 'people are named by their email alone, as in ada@acme.test' })

const allow = z
  .strictObject({
    teams: z.array(slug).optional().meta({ description: 'Slugs. Their declared members are allowed.' }),
    users: z.array(email).optional().meta({ description: 'Emails of people.' }),
  })
  .meta({
    title: 'Allow',
    description:
      'The only ones, beside `trust`, who may get code onto the agents. It makes the cluster, and every queue in it, privileged.',
  })

const heldBy = z.enum(['hook']).meta({
  description:
    'What holds the border of a queue whose `allow` is narrower than its cluster’s: the agent hook, since Buildkite does not.',
})

/** A branch or a tag, as Buildkite's own branch filter names them. */
const refPattern = z
  .string()
  .min(1)
  .max(255)
  .regex(/^!?[^\s!]\S*$/, {
    error: 'it is the name of a branch or a tag, in which a star is any run of characters: "release/*"',
  })

const refPatterns = z.array(refPattern).min(1)

const variable = z
  .string()
  .max(255)
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, { error: 'a variable is named whole, by letters, digits and _' })

const plugin = z
  .string()
  .max(255)
  .regex(/^[\w.-]+(\/[\w.-]+)*#[0-9a-f]{40}$/, {
    error:
      'a plugin is named with the commit that it is pinned to: docker#, or acme/deploy#, and 40 hexadecimal digits',
  })

const sources = z.array(z.enum(buildSources)).min(1)

/** What may be said of a queue for all of its pipelines, and of one pipeline. */
const jobs = {
  sources: sources.optional().meta({
    description:
      'What may start builds. Where nothing is written it follows from the rest: webhook if the Git host starts builds, schedule if there are schedules, trigger_job if a rule lets another pipeline start it, ui if a team may build. `api` is written or not allowed.',
  }),
  environment: z
    .array(variable)
    .min(1)
    .optional()
    .meta({ description: 'Names of variables that a job may have beside those that Buildkite sets.' }),
  plugins: z.array(plugin).min(1).optional().meta({
    description: 'Plugins that a job may use, each pinned to a commit: docker#0123… or acme/deploy#0123…',
  }),
}

const hook = z
  .strictObject({
    mode: z
      .enum(['observe', 'warn', 'block'])
      .meta({ description: 'What it does with a job it would refuse.' }),
    account: z.string().min(1).optional().meta({
      description:
        'The account under aws.accounts in which its policy is published, signed. Where nothing is written, none is.',
    }),
    parameter: z
      .string()
      .regex(/^\/[^\s]+$/, { error: 'it is the name of a parameter, and begins with a slash' })
      .optional()
      .meta({
        description:
          'The parameter that holds the policy: /buildkite/CLUSTER/queues/QUEUE/policy, if unwritten.',
      }),
    pipelines: z.array(slug).optional().meta({
      description:
        'Slugs of the pipelines whose jobs it lets in: all that are declared in the cluster, if unwritten. A queue with an `allow` of its own has to name them.',
    }),
    canary: slug.optional().meta({
      description:
        'The slug of a pipeline of the cluster that no gate there lets in: `bridle hook canary` starts it, to see it refused.',
    }),
    max_age: z
      .string()
      .regex(/^[1-9]\d{0,3}[mhd]$/, { error: 'a time is a number and m, h or d, as in 24h' })
      .optional()
      .meta({
        description:
          'How long a signed policy is good for. Agents refuse everything after that; apply renews it.',
      }),
    checks: z.array(z.enum(gateChecks)).min(1).optional().meta({
      description:
        'What its gate looks at beside what it is told: `ancestor`, whether the commit is in its branch, by a fetch of its own; `identity`, whether Buildkite signs the ids of the job; `metadata`, whether jobs could get at the role of the machine. What it can’t tell it refuses.',
    }),
    leaves: z.boolean().optional().meta({
      description:
        'Whether /buildkite/pipelines/SLUG/repository, branches, queue and role are published as well, for hooks that read those.',
    }),
    ...jobs,
  })
  .meta({
    title: 'Hook',
    description:
      'The hook on the agents of the queue, and the policy that it is given. It is not installed yet.',
  })

const jobsOfPipeline = z
  .strictObject({
    branches: refPatterns.optional().meta({
      description:
        'Branches that its builds may be of: `branch_configuration`, else `default_branch`, where nothing is written. A star is any run of characters; a ! before one takes it out again.',
    }),
    tags: refPatterns.optional().meta({ description: 'Tags that its builds may be of: none, if unwritten.' }),
    pull_requests: z.enum(['own', 'forks']).optional().meta({
      description:
        'Builds of pull requests: from branches of the repository, or from forks as well. None, if unwritten.',
    }),
    triggered_by: z.array(slug).min(1).optional().meta({
      description: 'Slugs of pipelines whose builds may start it: those of the declared rules, if unwritten.',
    }),
    ...jobs,
    commands: z
      .array(z.string().min(1).max(4096))
      .min(1)
      .optional()
      .meta({ description: 'The only commands that its steps may have, word for word. Any, if unwritten.' }),
    creator_teams: z.array(slug).min(1).optional().meta({
      description:
        'Of builds started in the browser or by the API: teams of which their creator has to be in one.',
    }),
    role: z
      .string()
      .regex(/^[^/]+\/.+$/, { error: 'a role is named with its account, as in prod/web-deploy' })
      .optional()
      .meta({
        description:
          'The role that its jobs get, as ACCOUNT/NAME: the only one that trusts it, if unwritten.',
      }),
  })
  .meta({
    title: 'What the hook lets in',
    description: 'What the hook on agents lets in of this pipeline, where it does not follow from the rest.',
  })

const instanceRole = z.string().min(1).meta({
  description:
    'The AWS role that the machines of the queue have, as ACCOUNT/NAME; `none` where they have none. Unwritten, it may be any.',
})

const hostPattern = z
  .string()
  .min(1)
  .max(253)
  .regex(/^[A-Za-z0-9_.*?-]+$/, {
    error: 'a host name is made of letters, digits, dots and hyphens, and of * and ?',
  })

const agents = z
  .strictObject({
    hostname: z.array(hostPattern).min(1).meta({
      description: 'Patterns of the host names that agents of the queue may have: "deploy-*.acme.test".',
    }),
  })
  .meta({ title: 'Agents', description: 'Which agents belong to the queue. Any other one is pointed out.' })

const contain = z.boolean().meta({
  description: 'Whether `bridle contain` may pause queues of the cluster.',
})

const trust = z
  .strictObject({
    admins: z.array(email).optional().meta({ description: 'Emails of those who may do anything at all.' }),
    automation: email.optional().meta({ description: 'The email of the identity that applies.' }),
  })
  .meta({
    title: 'Trust',
    description: 'Who may do anything at all. Every other administrator is pointed out.',
  })

const isDay = (text: string): boolean => {
  const [year = 0, month = 0, day = 0] = text.split('-').map(Number)
  const there = new Date(Date.UTC(year, month - 1, day))
  return there.getUTCMonth() + 1 === month && there.getUTCDate() === day
}

/** What can be accepted: what one path of the access model is about, and what is wrong with roles. */
const acceptable = [...Object.keys(accessCodes), ...Object.keys(roleCodes)]

const accept = z
  .array(
    z
      .strictObject({
        finding: z
          .enum(acceptable)
          .meta({ description: 'The code of what is assumed, or of what is wrong with a role.' }),
        at: z
          .string()
          .regex(/^(organization|(cluster|queue|pipeline|team|repository|portal|role|oidc-provider):\S.*)$/, {
            error:
              'it is `organization`, or the address of a cluster, queue, pipeline, team, portal, repository, role or OIDC provider, as in repository:github.com/acme/web',
          })
          .meta({ description: 'What it is accepted for: `organization`, or an address.' }),
        reason: z.string().regex(/\S/, { error: 'say why, for those who read it in a year' }),
        until: z
          .string()
          .regex(/^\d{4}-\d{2}-\d{2}$/, { error: 'a day is written as 2027-03-01' })
          .refine(isDay, { error: 'there is no such day' })
          .meta({ description: 'The last day that it is good for, at most a year ahead.' }),
        facts: z
          .string()
          .min(1)
          .optional()
          .meta({ description: 'The digest that `bridle access check --suggest` prints.' }),
      })
      .meta({ title: 'Acceptance' }),
  )
  .meta({ description: 'What nothing readable can settle, accepted for a reason and until a day.' })

const verb = z.enum(['watch', 'run', 'edit', 'assume'])

const objects: Readonly<Record<string, RegExp>> = {
  watch: /^pipeline:/,
  run: /^(pipeline|queue):/,
  edit: /^pipeline:/,
  assume: /^role:/,
}

const fits = (verb: string, on: string): boolean => objects[verb]?.test(on) ?? true

const expect = z
  .array(
    z
      .strictObject({
        who: z
          .string()
          .regex(/^(outsider|(user|team|pipeline):\S.*)$/, {
            error: 'it is `outsider`, user:EMAIL, team:SLUG or pipeline:SLUG',
          })
          .meta({ description: 'user:EMAIL, team:SLUG, pipeline:SLUG, or `outsider`.' }),
        can: verb.optional().meta({ description: 'What they have a declared way to do.' }),
        cannot: verb.optional().meta({ description: 'What they have no way to do.' }),
        on: z
          .string()
          .regex(/^(pipeline|queue|role):\S.*$/, {
            error: 'it is the address of a pipeline, a queue or a role, as in queue:production/deploy',
          })
          .meta({ description: 'The address of a pipeline, a queue or a role.' }),
      })
      .refine(({ can, cannot }) => (can === undefined) !== (cannot === undefined), {
        error: 'it says either `can` or `cannot`',
      })
      .refine(({ can, cannot, on }) => fits(can ?? cannot ?? '', on), {
        path: ['on'],
        error: 'pipelines are watched, run and edited, queues are run on, and roles are assumed',
      })
      .meta({ title: 'Expectation' }),
  )
  .meta({ description: 'Tests of the access itself, on the files and on the organization.' })

const account = z
  .strictObject({
    id: z
      .string()
      .regex(/^\d{12}$/, { error: 'an account is named by its twelve digits, in quotes: "111111111111"' })
      .meta({ description: 'Twelve digits, in quotes.' }),
    region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, { error: 'a region is named as in eu-west-1' }),
    partition: z.enum(['aws', 'aws-cn', 'aws-us-gov']).optional(),
    profile: z.string().min(1).optional().meta({ description: 'A profile of the shared AWS configuration.' }),
    assume_role: z.string().min(1).optional().meta({
      description: 'The role to work in it with: its name, with its path, or its ARN.',
    }),
    external_id: z.string().min(2).max(1224).optional().meta({
      description: 'What that role asks for as ExternalId. It is no secret.',
    }),
  })
  .refine(({ external_id, assume_role }) => external_id === undefined || assume_role !== undefined, {
    path: ['external_id'],
    error: 'an external_id is said to a role: write `assume_role`, too',
  })
  .meta({ title: 'AWS account' })

const accounts = z.object({}).catchall(account).meta({
  description: 'AWS accounts, by the names that these files call them by, and how to get into them.',
})

const drift = z
  .strictObject({
    heartbeat: z
      .string()
      .max(1024)
      .regex(/^(ssm:[^\s/]+(\/[\w.-]+)+|https:\/\/[^\s/@]+(\/[^\s@]*)?)$/, {
        error:
          'it is a parameter, as in ssm:management/bridle/heartbeat, or an address that begins with https:// and has no password in it',
      })
      .meta({
        description:
          'Where `bridle drift` writes down that it has read the organization whole: ssm:ACCOUNT/PARAMETER, or an https address that it is posted to. A person at a terminal writes none. Only a parameter can be read again, by `doctor` and by the next run.',
      }),
    max_age: z
      .string()
      .regex(/^[1-9]\d{0,3}[mhd]$/, { error: 'a time is a number and m, h or d, as in 26h' })
      .optional()
      .meta({ description: 'How old a heartbeat may be before it is pointed out: 26h, if unwritten.' }),
  })
  .meta({
    title: 'The scheduled drift check',
    description: 'How it is noticed that the scheduled drift check does not run any more.',
  })

const cluster = ['clusters', '*']
const queue = [...cluster, 'queues', '*']

/** All that files say about access, and where they say it. */
export const asides: readonly Aside[] = [
  { place: ['trust'], written: trust },
  { place: ['accept'], written: accept },
  { place: ['expect'], written: expect },
  { place: ['drift'], written: drift },
  { place: ['aws', 'accounts'], written: accounts },
  { place: [...cluster, 'allow'], written: allow, grant: 'allow' },
  { place: [...cluster, 'contain'], written: contain },
  { place: [...queue, 'allow'], written: allow, grant: 'allow' },
  { place: [...queue, 'held_by'], written: heldBy },
  { place: [...queue, 'hook'], written: hook, inherits: true },
  { place: ['pipelines', '*', 'hook'], written: jobsOfPipeline, grant: 'hook' },
  { place: [...queue, 'instance_role'], written: instanceRole, inherits: true },
  { place: [...queue, 'agents'], written: agents, inherits: true },
]
