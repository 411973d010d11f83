import { accessCodes } from '../model/access-codes.js'
import type { Code } from '../model/codes.js'
import type { Finding } from '../model/finding.js'
import type { Plan } from '../model/plan.js'
import { onlyWarned, roleCodes } from '../model/role-codes.js'
import { isRefusedOnTheWay, type Result } from '../model/result.js'

/** How a command ends. Below ten it is about bridle, from ten about the organization. */
export type Exit = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 10 | 11 | 130

/** What a command ends with that finds it, where that is not 3: the files make no sense. */
const elsewhere: Readonly<Partial<Record<Code, Exit>>> = {
  'unreadable-field': 4,
  'not-an-administrator': 4,
  'teams-off': 4,
  'no-token': 4,
  'token-refused': 4,
  'missing-scope': 4,
  'not-permitted': 4,
  'not-there': 4,
  'refused-by-buildkite': 4,
  'rate-limited': 4,
  'buildkite-unavailable': 4,
  unreachable: 4,
  'unreadable-answer': 4,
  'incomplete-read': 4,
  'untrusted-endpoint': 4,
  'wrong-account': 4,
  'aws-credentials': 4,
  'aws-not-permitted': 4,
  'aws-not-there': 4,
  'refused-by-aws': 4,
  'aws-throttled': 4,
  'aws-unavailable': 4,
  'aws-unreachable': 4,
  'untrusted-aws-endpoint': 4,
  'unusable-sandbox': 4,
  'too-many-removals': 5,
  'removes-default-cluster': 5,
  'cluster-in-use': 5,
  'removes-default-queue': 5,
  'removes-what-is-used': 5,
  'last-way-in': 5,
  'role-in-use': 5,
  'own-control': 5,
  'store-taken': 5,
  'stale-plan': 5,
  'not-a-plan': 5,
  'files-there': 5,
  'import-differs': 5,
  'no-consent': 5,
  'not-a-policy': 5,
  'no-jq': 5,
  'no-signing-key': 5,
  'unusable-signing-key': 5,
  interrupted: 130,
  'bad-answer': 2,
  'unknown-answer': 2,
  'answers-contradict': 2,
  'not-for-you': 11,
  'file-changed': 5,
  'can-not-commit': 5,
  'moving-organization': 4,
  'can-not-contain': 5,
  'accept-void': 11,
  'accept-unused': 11,
  'accept-expired': 11,
  'privileged-not-there': 11,
  'expectation-failed': 11,
  'opens-queue': 11,
  'opens-role': 11,
  'role-trusts-more': 11,
  'widens-access': 11,
  'no-safe-order': 11,
  'undeclared-in-privileged': 11,
  'identity-changed': 11,
  'identity-moved': 11,
  'promise-dropped': 11,
  'snapshot-too-narrow': 11,
  'backlog-waits': 11,
  'left-behind': 11,
  'changed-meanwhile': 11,
  'observed-outside': 11,
  'unsafe-stack': 11,
  'gate-void': 11,
  'other-host-files': 11,
  'not-installed': 11,
  'unfit-policy': 11,
  'canary-let-in': 11,
  'canary-not-taken': 11,
  'canary-other-policy': 11,
  'canary-untold': 11,
  'heartbeat-late': 11,
}

/** What is only ever a warning: it ends no command. */
const warnings: readonly Code[] = [
  'replaced-token-left',
  'other-run',
  'token-could-write',
  'heartbeat-unwritten',
  'not-carried-out',
  'gate-refuses',
  'privileged-by-default',
  'privileged-hosted',
  'maintainer-not-allowed',
  'trust-unsaid',
  'accept-without-facts',
  'import-left-out',
  ...onlyWarned,
]

/** How a command ends that finds this. */
export const exitOfCode = (code: Code): Exit => {
  if (warnings.includes(code)) return 0
  return elsewhere[code] ?? (Object.hasOwn(accessCodes, code) || Object.hasOwn(roleCodes, code) ? 11 : 3)
}

/** The first that occurs wins: what says most about what to do now. Findings win over differences. */
const order: readonly Exit[] = [130, 6, 2, 3, 4, 5, 11, 10, 0]

const ofFindings = (findings: readonly Finding[]): Exit[] =>
  findings.filter(({ severity }) => severity === 'error').map(({ code }) => exitOfCode(code))

/** What nobody declared is a difference too, unless an `ignore` says whose it is. */
const differs = (plan: Plan | undefined) =>
  plan !== undefined && (plan.changes.length > 0 || plan.undeclared.some(({ ignored }) => !ignored))

/** A plan that opens a privileged queue is refused, whatever else is said of it. */
const opens = (plan: Plan | undefined): Exit[] => ((plan?.access?.opens.length ?? 0) > 0 ? [11] : [])

/** How a command ends that found these and has nothing else to say. */
export const worstOf = (findings: readonly Finding[]): Exit => worst(ofFindings(findings))

const worst = (found: readonly Exit[]): Exit => order.find((exit) => found.includes(exit)) ?? 0

const ofResult = (result: Result, differencesCount: boolean): Exit[] => {
  switch (result.result) {
    case 'validation':
      return []
    case 'plan':
      return [
        ...opens(result.plan),
        ...(differencesCount && (result.plan?.changes.length ?? 0) > 0 ? ([10] as const) : []),
      ]
    case 'drift':
      return differencesCount &&
        (differs(result.plan) ||
          (result.created?.length ?? 0) > 0 ||
          (result.stacks ?? []).some(({ fields }) => fields.length > 0))
        ? [10]
        : []
    case 'apply':
      if (result.interrupted) return [130]
      if (result.outcomes.length === 0 && (result.plan?.steps.length ?? 0) > 0)
        return ofFindings(result.findings).length === 0 ? [5] : [] // without a finding a person said no
      if (result.outcomes.every(({ state }) => state === 'done')) return []
      return isRefusedOnTheWay(result) ? [11] : [6]
    case 'doctor':
      return result.checks.some(({ state }) => state === 'missing') ? [4] : []
    case 'access-check':
      return result.queues.some(({ verdict }) => verdict === 'open' || verdict === 'assumed') ||
        result.expected.some(({ holds }) => !holds)
        ? [11]
        : []
    case 'contain':
      return result.verdict === 'open' ? [11] : [] // contained is not closed
    case 'hook-test':
      if (result.against === undefined) return result.refused > 0 ? [11] : []
      return result.against.newlyRefused.length + result.against.newlyLetIn.length > 0 ? [10] : []
    case 'import':
    case 'hook-report':
    case 'hook-print':
    case 'hook-check':
    case 'hook-canary':
    case 'access-who':
    case 'access-what':
    case 'access-why':
    case 'snapshot':
      return []
  }
}

/**
 * How a command ends with this result.
 *
 * @param differencesCount  whether a difference is worth a 10: always in a drift, in a plan with `--exit-code`
 */
export const exitOf = (result: Result, differencesCount = result.result === 'drift'): Exit => {
  return worst([...ofFindings(result.findings), ...ofResult(result, differencesCount)])
}
