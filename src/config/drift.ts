import { addressOf } from '../model/address.js'
import { seconds } from '../kinds/index.js'
import type { DeclaredAws, DeclaredDrift, HeartbeatPlace } from '../model/wanted.js'
import type { Made } from './complete.js'
import { textOf, valueAt } from './node.js'
import type { Part } from './parts.js'
import { listed, quoted, type Problem } from './problem.js'
import { onlyOne } from './sections.js'
import { spanOf } from './source.js'

/** A day, and time for a build that waits for an agent. */
const usualAge = '26h'

/** What the files say of the scheduled drift check, and what is wrong with it. */
export const driftIn = (
  parts: readonly Part[],
  aws: DeclaredAws | undefined,
  made: readonly Made[],
): { readonly drift?: DeclaredDrift; readonly problems: readonly Problem[] } => {
  const { entry, problems: twice } = onlyOne(parts, 'drift')
  const written = textOf(valueAt(entry?.value, 'heartbeat'))
  const heartbeat = written === undefined ? undefined : placeOf(written)
  if (entry === undefined || heartbeat === undefined) return { problems: twice }
  const drift = {
    heartbeat,
    maxAgeSeconds: seconds(textOf(valueAt(entry.value, 'max_age')) ?? usualAge),
    at: spanOf(entry.key),
  }
  if (heartbeat.in === 'address') return { drift, problems: twice }
  const { account, name } = heartbeat
  const names = (aws?.accounts ?? []).map((one) => one.name)
  const other = made.find(
    ({ want }) => want.address === addressOf('parameter', account, ...name.split('/').slice(1)),
  )
  return {
    drift,
    problems: [
      ...twice,
      ...(names.includes(account)
        ? []
        : [
            {
              code: 'unknown-account',
              at: entry.key,
              about: account,
              words: () => ({
                what: `the heartbeat is in account ${quoted(account)}, which \`aws.accounts\` does not have`,
                label: `it has: ${listed(names) ?? 'none'}`,
                fix: 'correct the name, or declare the account: { id: "111111111111", region: eu-west-1 }',
              }),
            } satisfies Problem,
          ]),
      ...(other === undefined
        ? []
        : [
            {
              code: 'declared-twice',
              at: entry.key,
              also: [other.key],
              about: other.want.address,
              words: () => ({
                what: `the heartbeat is written to ${other.want.address}, which is declared as well`,
                why: 'each would write over what the other has written',
                fix: 'write another name here, or take the parameter out',
              }),
            } satisfies Problem,
          ]),
    ],
  }
}

/** Nothing where it is neither: that is found by its shape. */
const placeOf = (written: string): HeartbeatPlace | undefined => {
  const [, account, name] = /^ssm:([^/]+)(\/.+)$/.exec(written) ?? []
  if (account !== undefined && name !== undefined) return { in: 'parameter', account, name }
  return written.startsWith('https://') ? { in: 'address', url: written } : undefined
}
