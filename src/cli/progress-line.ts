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
    if (wait.why === 'fault') return `${waiting} before another try`
    if (wait.why === 'settling') return `${waiting} until AWS account "${wait.account}" shows what was made`
    if (wait.api === 'aws') return `${waiting}, as AWS account "${wait.account}" is asked too often`
    return `${waiting} for the rate limit of ${wait.api === 'graphql' ? 'GraphQL' : 'REST'}`
  },
}
