import { createHash } from 'node:crypto'
import { repositoryKey } from '../provider.js'
import type { Build, Commit, Pipeline } from '../rows.js'
import { insert } from '../state.js'
import { where } from '../table.js'
import { label, labelsOf, nobody, setLabels, union, type Labels, type World } from './labels.js'

/** What is in a repository at a commit, and who has put something there. */
export interface Tree {
  readonly files: Readonly<Record<string, string>>
  readonly labels: Labels
}

const bare: Tree = { files: {}, labels: nobody }

export const headOf = (
  { state }: Pick<World, 'state'>,
  repository: string,
  ref: string,
): Commit | undefined =>
  where(state.tables.commits, 'repository', repository).findLast((row) => row.ref === ref)

const bySha = ({ state }: Pick<World, 'state'>, repository: string, sha: string) =>
  where(state.tables.commits, 'repository', repository).find((row) => row.sha === sha)

export const branchRef = (branch: string): string => `refs/heads/${branch}`

export interface Push {
  /** `github.com/acme/web` */
  readonly repository: string
  readonly organization: string
  readonly ref: string
  /** What is merged in; for a new ref, what it begins with. */
  readonly from?: string | undefined
  readonly isFork?: boolean
  /** Over what was there; a blank text takes a file away. */
  readonly files?: Readonly<Record<string, string>> | undefined
  /** Nobody, where the world begins with it. */
  readonly by?: string | undefined
}

/** A commit on top of another: it carries all who had a hand in that one, and who made this one. */
export const commit = (world: World, push: Push): Commit => {
  const { repository, ref, organization, by } = push
  const had = headOf(world, repository, ref)
  const other = headOf(world, repository, push.from ?? (had ? ref : branchRef('main')))
  const parents = [had, other].flatMap((row) => row ?? [])
  const row = insert(
    world.state,
    'commits',
    { createdAt: world.now, createdBy: null },
    {
      organization,
      repository,
      ref,
      sha: createHash('sha1').update(`${world.state.seed}/commit/${world.state.serial}`).digest('hex'),
      isFork: push.isFork ?? false,
      files: { ...had?.files, ...other?.files, ...push.files },
    },
  )
  const labels = union(
    ...parents.map(({ uuid }) => labelsOf(world, uuid)),
    label('commit', by === undefined ? [] : [by]),
  )
  setLabels(world, row.uuid, labels)
  return row
}

/** A commit that agents of a pipeline could check out; of `HEAD`, that of its default branch. */
export const commitOf = (
  world: Pick<World, 'state'>,
  pipeline: Pipeline,
  sha: string,
): Commit | undefined => {
  const repository = repositoryKey(pipeline.repository)
  return sha === 'HEAD'
    ? headOf(world, repository, branchRef(pipeline.defaultBranch ?? 'main'))
    : bySha(world, repository, sha)
}

/** The ref that a build is of, by its branch or its pull request. */
const refOf = ({ branch, pullRequest }: Build) =>
  pullRequest ? `refs/pull/${pullRequest.id}/head` : branch.startsWith('refs/') ? branch : branchRef(branch)

const treeIn = (world: Pick<World, 'state'>, repository: string, build: Build): Tree | undefined => {
  const row =
    build.commit === 'HEAD'
      ? headOf(world, repository, refOf(build))
      : (bySha(world, repository, build.commit) ??
        (build.commit.startsWith('refs/') ? headOf(world, repository, build.commit) : undefined))
  return row && { files: row.files, labels: labelsOf(world, row.uuid) }
}

/** What an agent would check out for a build just now: from the mirror, where there is one and it has it. */
export const treeOf = (world: Pick<World, 'state'>, pipeline: Pipeline, build: Build): Tree => {
  const own = treeIn(world, repositoryKey(pipeline.repository), build)
  const mirror = pipeline.cloneMirrorUrl
    ? treeIn(world, repositoryKey(pipeline.cloneMirrorUrl), build)
    : undefined
  if (!own || !mirror) return mirror ?? own ?? bare
  return { files: mirror.files, labels: union(own.labels, mirror.labels) }
}
