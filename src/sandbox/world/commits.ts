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
  /** What it builds on, where that is not what the ref was. */
  readonly from?: string | undefined
  /** Over what was there; a blank text takes a file away. */
  readonly files?: Readonly<Record<string, string>> | undefined
  /** Nobody, where the world begins with it. */
  readonly by?: string | undefined
}

/** A commit on top of another: it carries all who had a hand in that one, and who made this one. */
export const commit = (world: World, push: Push): Commit => {
  const { repository, ref, organization, by } = push
  const base = headOf(world, repository, push.from ?? ref) ?? headOf(world, repository, branchRef('main'))
  const row = insert(
    world.state,
    'commits',
    { createdAt: world.now, createdBy: null },
    {
      organization,
      repository,
      ref,
      sha: createHash('sha1').update(`${world.state.seed}/commit/${world.state.serial}`).digest('hex'),
      files: { ...base?.files, ...push.files },
    },
  )
  const labels = union(
    base ? labelsOf(world, base.uuid) : nobody,
    label('commit', by === undefined ? [] : [by]),
  )
  setLabels(world, row.uuid, labels)
  return row
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
