import type { AwsWait } from '../providers/aws/lane.js'
import type { Wait } from '../providers/buildkite/lane.js'
import type { Progress } from '../workflow/world.js'
import { counted, thousands } from '../report/words.js'

/** What is going on, in one line. */
export const lineOf = {
  progress: (event: Progress): string => {
    switch (event.doing) {
      case 'reading': {
        const { points, graphqlRequests, restRequests } = event.forecast
        return `reading the organization: about ${counted(graphqlRequests + restRequests, 'request')} and ${counted(points, 'point')}`
      }
      case 'planning':
        return 'planning'
      case 'applying':
        return `applying: ${thousands(event.done)} of ${counted(event.of, 'call')}`
    }
  },
  wait: (wait: Wait | AwsWait): string => {
    const waiting = `waiting ${counted(wait.seconds, 'second')}`
    if (wait.why === 'settling') return `${waiting} until account ${wait.account} has heard of what was made`
    if (wait.why === 'fault') return `${waiting} before another try`
    return `${waiting} for the rate limit of ${wait.api === 'aws' ? `account ${wait.account}` : wait.api === 'graphql' ? 'GraphQL' : 'REST'}`
  },
}
