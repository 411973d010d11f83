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
  wait: ({ api, seconds, why }: Wait): string =>
    why === 'limit'
      ? `waiting ${counted(seconds, 'second')} for the rate limit of ${api === 'graphql' ? 'GraphQL' : 'REST'}`
      : `waiting ${counted(seconds, 'second')} before another try`,
}
