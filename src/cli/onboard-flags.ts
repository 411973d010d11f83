import { Flags } from '@oclif/core'

const answer = (description: string, helpValue: string) =>
  Flags.string({ description, helpValue, helpGroup: 'ANSWER' })

/** A flag for every question: what it answers is not asked. */
export const answerFlags = {
  email: answer('your email in Buildkite, where it is not that of git', 'EMAIL'),
  repository: answer('of a pipeline: what it builds, where it is not the remote "origin" here', 'URL'),
  slug: answer('of a pipeline or team: what it is called', 'SLUG'),
  role: answer('of a pipeline: the AWS role that its jobs need, or none', 'ACCOUNT/NAME'),
  queue: answer('of a pipeline or role: where its jobs run', 'CLUSTER/KEY'),
  team: answer('of a pipeline: whose it is', 'SLUG'),
  level: answer('of a pipeline: what the team may do with it; build_and_read if left out', 'LEVEL'),
  members: answer('of a team: emails, with commas between', 'EMAILS'),
  cluster: answer('of a queue: where it is', 'NAME'),
  key: answer('of a queue: what steps call it', 'KEY'),
  description: answer('of a queue: what it is for', 'TEXT'),
  account: answer('of a role: the name of the AWS account', 'NAME'),
  pipeline: answer('of a role: whose jobs become it', 'SLUG'),
  name: answer('of a role: what it is called', 'NAME'),
  branches: answer('of a role: of which branches a build may be, or * for all', 'NAMES'),
  policies: answer('of a role: ARNs of what it may do, or none', 'ARNS'),
}
