import { connect } from '../providers/buildkite/connect.js'
import { connectAws, type AwsConnection } from '../providers/aws/connect.js'
import type { Connection } from '../providers/buildkite/connect.js'
import type { AnyReading } from '../providers/buildkite/forecast.js'
import { priceOf } from '../providers/buildkite/price.js'
import type { Asking } from '../workflow/world.js'
import type { Talking } from './stage.js'

/** The windows that Buildkite has told of: what the documentation says beforehand is no news. */
const told = ({ limits }: Connection): Asking['limits'] =>
  (['graphql', 'rest'] as const).flatMap((api) =>
    (['organization', 'user'] as const).flatMap((whose) => {
      const window = limits[api][whose]
      if (!window?.heard) return []
      return [{ name: `${api} ${whose}`, remaining: window.remaining, limit: window.limit }]
    }),
  )

/** Lists and questions that several ask for are asked once. */
const distinct = (readings: readonly AnyReading[]): AnyReading[] => [
  ...new Map(readings.map((reading) => [reading.name, reading])).values(),
]

/** A conversation in the words of `workflow`. */
export const asking = (connection: Connection, aws?: AwsConnection): Asking => ({
  reader: () => ({ ...connection.reader(), ...(aws && { aws: aws.reader() }) }),
  get spent() {
    if (aws === undefined) return connection.spent
    const { requests, waitedSeconds } = aws.spent
    const awsRequests = Object.values(requests).reduce(
      (sum, { iam, ssm, sts, kms }) => sum + iam + ssm + sts + kms,
      0,
    )
    return { ...connection.spent, awsRequests, waitedSeconds: connection.spent.waitedSeconds + waitedSeconds }
  },
  get limits() {
    return told(connection)
  },
  forecast: (asks, pipelines, close = { clusters: 0, pipelines: 0 }) =>
    connection.forecast(
      distinct(asks.flatMap(({ graphql = [] }) => graphql)),
      asks
        .flatMap(({ rest = [] }) => rest)
        .flatMap((list) =>
          list === 'closely'
            ? Array.from({ length: close.clusters }, () => 1)
            : [list === 'one' ? 1 : pipelines],
        ),
      { readings: distinct(asks.flatMap(({ closely = [] }) => closely)), ...close },
    ),
  price: (steps) => priceOf(steps.map(({ call }) => call)),
})

/** A conversation with no way to change anything: for every command but `apply`. */
export const toAsk = ({ aws, ...means }: Talking): Asking => asking(connect(means), aws && connectAws(aws))
