import type { AwsAccount } from '../../src/model/aws.js'
import type { QueueFacts } from '../../src/stack/stack.js'

export const account: AwsAccount = {
  name: 'management',
  id: '111111111111',
  partition: 'aws',
  region: 'eu-west-1',
}

/** A privileged queue with all that it needs, but for a place for its boot script. */
export const facts: QueueFacts = {
  key: 'deploy',
  privileged: true,
  role: { account, name: 'agent-deploy', path: '/buildkite/' },
  token: { description: 'deploy', account, parameter: '/buildkite/production/agent-token/deploy' },
}
