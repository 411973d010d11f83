import { mutations } from '../../../graphql/api.js'
import type { Call } from '../../model/call.js'
import type { Budget } from '../../model/plan.js'
import { pointsOf } from './points.js'

/** What sending these calls once will cost. A mutation's answer holds no lists, so its price is exact. */
export const priceOf = (calls: readonly Call[]): Budget => {
  const operations = calls.flatMap((call) => (call.via === 'graphql' ? [call.operation] : []))
  const ofAws = calls.filter(({ via }) => via === 'aws').length
  return {
    ...(ofAws > 0 && { awsRequests: ofAws }),
    points: operations.reduce((sum, operation) => sum + pointsOfMutation(operation), 0),
    graphqlRequests: operations.length,
    restRequests: calls.filter(({ via }) => via === 'rest').length,
  }
}

const pointsOfMutation = (operation: string): number => {
  const mutation = mutations[operation]
  return mutation === undefined ? 0 : pointsOf(String(mutation.document), () => 0)
}
