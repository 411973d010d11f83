import type { Code } from '../model/codes.js'
import { codes } from '../model/codes.js'
import type { Finding } from '../model/finding.js'
import { Refusal, type RefusalReason } from '../model/refusal.js'

const ofBuildkite: Record<RefusalReason, Code> = {
  unauthenticated: 'token-refused',
  'missing-scope': 'missing-scope',
  forbidden: 'not-permitted',
  'not-found': 'not-there',
  invalid: 'refused-by-buildkite',
  'rate-limited': 'rate-limited',
  unavailable: 'buildkite-unavailable',
  unreachable: 'unreachable',
  unreadable: 'unreadable-answer',
  incomplete: 'incomplete-read',
  'untrusted-endpoint': 'untrusted-endpoint',
  'wrong-account': 'wrong-account', // never said by Buildkite
  interrupted: 'interrupted',
}

const ofAws: Record<RefusalReason, Code> = {
  ...ofBuildkite,
  unauthenticated: 'aws-credentials',
  'missing-scope': 'aws-not-permitted',
  forbidden: 'aws-not-permitted',
  'not-found': 'aws-not-there',
  invalid: 'refused-by-aws',
  'rate-limited': 'aws-throttled',
  unavailable: 'aws-unavailable',
  unreachable: 'aws-unreachable',
  'untrusted-endpoint': 'untrusted-aws-endpoint',
}

/** What to do about a scope, or an IAM action, that whoever asks lacks. */
const fixFor = ({ api, scope }: Refusal, code: Code): string => {
  if (scope === undefined) return codes[code].fix
  if (api === 'aws' && scope === 'sts:AssumeRole')
    return 'correct `id`, `assume_role` and `external_id` of the account in the files; or let it be assumed: `sts:AssumeRole` on that role in the policies of who asks, and who asks in the trust of the role'
  return api === 'aws' ? `allow it \`${scope}\` there` : `give the token the scope \`${scope}\``
}

/** A no from Buildkite or AWS as something to say to a person. The only place that catches one. */
const findingOf = (refusal: Refusal): Finding => {
  const code = (refusal.api === 'aws' ? ofAws : ofBuildkite)[refusal.reason]
  const about = [
    ...(refusal.message.startsWith(refusal.call) ? [] : [refusal.call]),
    ...(refusal.address === undefined ? [] : [`for ${refusal.address}`]),
    ...(refusal.status === undefined ? [] : [`HTTP ${refusal.status}`]),
    ...(refusal.requestId === undefined ? [] : [`request ${refusal.requestId}`]),
  ]
  return {
    code,
    severity: 'error',
    where: [],
    what: about.length === 0 ? refusal.message : `${refusal.message} (${about.join(', ')})`,
    why: codes[code].why,
    fix: fixFor(refusal, code),
  }
}

/** What a conversation came to, or the finding that it ended with. A bug goes on being a bug. */
export const unlessRefused = async <T>(talk: () => T | Promise<T>): Promise<T | Finding> => {
  try {
    return await talk()
  } catch (error) {
    if (error instanceof Refusal) return findingOf(error)
    throw error
  }
}

export const isFinding = (value: unknown): value is Finding =>
  typeof value === 'object' && value !== null && 'code' in value && 'severity' in value
