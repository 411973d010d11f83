import { addressOf } from '../../model/address.js'
import { granted, switched, type Grant } from '../../model/grant.js'
import {
  filterOn,
  mintsTokens,
  startsOf,
  takesWebhooks,
  type GitEvent,
  type Starting,
} from './pipeline-starts.js'
import { repositoryAddress, unknownRepository } from './repository.js'
import { tellOf } from './steps.js'
import { userAddress } from './user.js'

const organization = addressOf('organization')

/** What of a pipeline gives anybody anything. */
interface Pipeline extends Starting {
  readonly slug: string
  readonly cluster?: string | null | undefined
  readonly archived?: boolean | undefined
  readonly visibility?: 'private' | 'public' | undefined
  readonly created_by?: string | null | undefined
  readonly clone_mirror_url?: string | null | undefined
  readonly steps?: string | undefined
  readonly pipeline_template?: string | null | undefined
  readonly allow_rebuilds?: boolean | undefined
  readonly unknown_starts?: readonly string[] | undefined
}

/** Who gets what from a pipeline alone: where it is, what it runs, and what makes it run. Its teams are grants. */
export const pipelineGrants = (spec: Pipeline): Grant[] => [
  ...whereItIs(spec),
  ...whatItRuns(spec),
  ...whatStartsIt(spec),
]

/** Sure if it was read. */
const read = (value: unknown) => (value === undefined ? undefined : true)

const whereItIs = (spec: Pipeline): Grant[] => {
  const { slug, cluster, archived, visibility } = spec
  const self = addressOf('pipeline', slug)
  const isPublic = visibility === undefined ? undefined : visibility === 'public'
  return [
    ...(cluster
      ? [granted('runs-in', self, addressOf('cluster', cluster), 'cluster')]
      : switched(read(cluster), 'unclustered', self, organization, 'cluster')),
    granted(archived === true ? 'archived' : 'active', self, self, 'archived'),
    ...switched(isPublic, 'shows-to-all', self, organization, 'visibility'),
    ...whoMadeIt(spec),
  ]
}

/** Of what was read somebody made it, whether or not Buildkite says who. A pipeline that is only written was made by nobody. */
const whoMadeIt = ({ slug, created_by, provider }: Pipeline): Grant[] => {
  const self = addressOf('pipeline', slug)
  if (created_by) return [granted('created', userAddress(created_by), self, 'created_by')]
  return provider === undefined ? [] : [...switched(undefined, 'created', organization, self, 'created_by')]
}

const whatItRuns = (spec: Pipeline): Grant[] => {
  const { slug, repository, clone_mirror_url: mirror } = spec
  const self = addressOf('pipeline', slug)
  const checkedOut = repository === undefined ? unknownRepository : repositoryAddress(repository)
  return [
    ...switched(read(repository), 'checks-out', self, checkedOut, 'repository'),
    ...(mirror ? [granted('clones-from', self, repositoryAddress(mirror), 'clone_mirror_url')] : []),
    ...switched(mintsTokens(spec), 'mints-repository-tokens', self, checkedOut, mintsField),
    ...stepsOf(spec),
  ]
}

const mintsField = 'provider_settings.github_workflow_access_tokens_enabled'

/** With a template the steps are the template's: who edits the pipeline can't change them, and may swap templates. */
const stepsOf = ({ slug, steps, pipeline_template, provider }: Pipeline): Grant[] => {
  const self = addressOf('pipeline', slug)
  const template = pipeline_template ?? (provider === undefined ? null : pipeline_template)
  const isOwn = template === undefined ? undefined : template === null
  const hasOne = isOwn === undefined ? undefined : !isOwn
  const { uploads, inputs, movable, unblockers } = tellOf(steps)
  return [
    ...switched(isOwn, 'runs-steps-of', self, self, 'steps', 'editor'),
    ...switched(uploads, 'runs-steps-of', self, self, 'steps', 'repository'),
    ...switched(hasOne, 'runs-steps-of', self, self, 'pipeline_template', 'pipeline-template'),
    ...switched(
      hasOne,
      'uses-template',
      self,
      addressOf('pipeline-template', template ?? 'unknown'),
      'pipeline_template',
    ),
    ...(inputs?.map((name) => granted('reads-input', self, self, 'steps', name)) ??
      switched(undefined, 'reads-input', self, self, 'steps', 'what could not be read')),
    ...(movable?.map((code) => granted('runs-code-of', self, self, 'steps', code)) ??
      switched(undefined, 'runs-code-of', self, self, 'steps', 'what could not be read')),
    ...(unblockers ?? ['unknown']).flatMap((team) =>
      switched(isSlug(team) && read(unblockers), 'unblocks', addressOf('team', team), self, 'steps'),
    ),
  ]
}

/** An id, a variable and whatever else is no slug may stand for any team. */
const isSlug = (team: string) =>
  /^[a-z0-9-]+$/.test(team) && !/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(team) ? true : undefined

const whatStartsIt = (spec: Pipeline): Grant[] => {
  const self = addressOf('pipeline', spec.slug)
  return [
    ...switched(spec.allow_rebuilds, 'rebuilds', self, self, 'allow_rebuilds'),
    ...switched(takesWebhooks(spec), 'takes-webhooks', self, self, 'provider_settings.trigger_mode'),
    ...[...startsOf(spec)].flatMap(([event, is]) =>
      switched(
        is,
        'starts-on',
        self,
        self,
        `provider_settings.${fieldOf[event]}`,
        [event, filterOn(event, spec)].join(' ').trim(),
      ),
    ),
    ...(takesWebhooks(spec) === false ? [] : (spec.unknown_starts ?? [])).flatMap((key) =>
      switched(undefined, 'starts-on', self, self, `provider_settings.${key}`, key),
    ),
  ]
}

/** The switch to look at first. */
const fieldOf: Readonly<Record<GitEvent, string>> = {
  push: 'build_branches',
  tag: 'build_tags',
  create: 'build_create_event',
  'pull-request': 'build_pull_requests',
  fork: 'build_pull_request_forks',
  comment: 'build_issue_comment_created',
  review: 'build_pull_request_review_submitted',
  label: 'build_pull_request_labels_changed',
  release: 'build_release_published',
  'check-run': 'build_check_run_completed',
  deployment: 'trigger_mode',
  'merge-group': 'build_merge_group_checks_requested',
}
