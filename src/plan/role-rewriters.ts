import { mayDo } from '../policy/act.js'
import { every, some, type Answer } from '../policy/answer.js'
import { mayAssume, tagIn, tagged, type Caller } from '../policy/assume.js'
import type { Decision } from '../policy/decide.js'
import type { Statement } from '../policy/document.js'
import { arnOf } from '../policy/principal.js'
import { isAbout, type Named } from '../policy/rule.js'
import { absent, chosen, known, unknown, type Value } from '../policy/value.js'
import { anything, callerOf, targetOf } from './role-chains.js'
import { inside, type ReadRole, type RoleGrant } from './roles.js'

/** What the machines of a service take a role from whoever starts them by, and how they are started. */
const runners: Readonly<Record<string, readonly string[]>> = {
  'ec2.amazonaws.com': [
    'ec2:RunInstances',
    'ec2:AssociateIamInstanceProfile',
    'ec2:ReplaceIamInstanceProfileAssociation',
  ],
  'lambda.amazonaws.com': ['lambda:CreateFunction', 'lambda:UpdateFunctionConfiguration'],
  'ecs-tasks.amazonaws.com': ['ecs:RegisterTaskDefinition', 'ecs:RunTask', 'batch:RegisterJobDefinition'],
  'codebuild.amazonaws.com': ['codebuild:CreateProject', 'codebuild:UpdateProject'],
  'cloudformation.amazonaws.com': [
    'cloudformation:CreateStack',
    'cloudformation:UpdateStack',
    'cloudformation:CreateChangeSet',
  ],
  'glue.amazonaws.com': ['glue:CreateJob', 'glue:UpdateJob', 'glue:CreateDevEndpoint'],
  'sagemaker.amazonaws.com': [
    'sagemaker:CreateNotebookInstance',
    'sagemaker:CreateTrainingJob',
    'sagemaker:CreateProcessingJob',
  ],
  'ssm.amazonaws.com': ['ssm:StartAutomationExecution'],
}

/** The policies of AWS's own that let a role write roles. What others say is read where they hang on something. */
const administering = /:iam::aws:policy\/(AdministratorAccess|IAMFullAccess)$/

const isOfAws = (name: string): boolean => /^arn:[^:]+:iam::aws:policy\//.test(name)

/** Nobody reads the policies of AWS's own that hang on nothing yet: only some of them could matter here. */
const mayMatter = ({ name, document }: Named): boolean =>
  document !== undefined || !isOfAws(name) || administering.test(name)

const speaksOf = ({ identity }: Caller, action: string): boolean =>
  identity.some(
    ({ document }) =>
      document?.statements.some((one) => one.effect === 'Allow' && isAbout(one, action)) !== false,
  )

const tagsOf = (tags: ReadRole['version']['tags'], key: string): Value | undefined => {
  const name = tagIn(key, 'aws:resourcetag', 'iam:resourcetag')
  if (name === undefined) return undefined
  const tag = tagged(tags, name)
  return tag === undefined ? absent : known(tag)
}

/** What a request to IAM about a role comes with. */
const toldOf =
  ({ version, account }: ReadRole, more: Readonly<Record<string, Value>> = {}) =>
  (key: string): Value | undefined =>
    more[key] ??
    inside.get(key) ??
    tagsOf(version.tags, key) ??
    (key === 'aws:resourceaccount'
      ? known(account)
      : key === 'aws:requestedregion'
        ? region(version.arn)
        : undefined)

/** IAM is in one region of a partition. */
const region = (arn: string): Value => (arnOf(arn).partition === 'aws' ? known('us-east-1') : unknown)

interface Asked {
  readonly answer: Answer
  /** The policy that decided it. */
  readonly by: string | undefined
}

const no: Asked = { answer: 'no', by: undefined }

const told = ({ answer, by }: Decision): Asked => ({ answer, by: by[0]?.policy })

/** The policy that allows something of everything, where nothing limits or denies anything: most administrators. */
const plainlyAllowed = ({ identity, boundary }: Caller, action: string): string | undefined =>
  boundary === null && identity.every(({ document }) => document?.statements.every(isAllow) === true)
    ? identity.find(({ document }) =>
        document?.statements.some(
          (one) =>
            one.conditions.length === 0 && one.resources?.includes('*') === true && isAbout(one, action),
        ),
      )?.name
    : undefined

const isAllow = ({ effect }: Statement): boolean => effect === 'Allow'

/** Whether a role may do something to another, which it may tag first where that helps. */
const mayTo = (
  caller: Caller,
  action: string,
  role: ReadRole,
  more: Readonly<Record<string, Value>> = {},
): Asked => {
  if (!speaksOf(caller, action)) return no
  const plain = plainlyAllowed(caller, action)
  if (plain !== undefined) return { answer: 'yes', by: plain }
  const on = known(role.version.arn)
  const plainly = told(mayDo(caller, action, on, toldOf(role, more)))
  if (plainly.answer === 'yes' || !speaksOf(caller, 'iam:TagRole')) return plainly
  const tags = mayDo(caller, 'iam:TagRole', on, (key) => tagsChosen(key) ?? toldOf(role)(key))
  if (tags.answer === 'no') return plainly
  const then = told(mayDo(caller, action, on, (key) => tagsChosenNow(key) ?? toldOf(role, more)(key)))
  const answer = some([plainly.answer, every([tags.answer, then.answer])])
  return { answer, by: plainly.answer === 'no' ? then.by : plainly.by }
}

const tagsChosen = (key: string): Value | undefined =>
  key.startsWith('aws:requesttag/')
    ? chosen
    : key === 'aws:tagkeys'
      ? { is: 'chosen', many: true }
      : undefined

const tagsChosenNow = (key: string): Value | undefined =>
  tagIn(key, 'aws:resourcetag', 'iam:resourcetag') === undefined ? undefined : chosen

/** Whether an answer is good enough: certain, or anything but a no. */
type Enough = (answer: Answer) => boolean

const certainly: Enough = (answer) => answer === 'yes'
const perhaps: Enough = (answer) => answer !== 'no'

const boundaryOf = ({ version: { boundary } }: ReadRole): Value =>
  boundary === null ? absent : known(boundary.name)

/** A role that has written itself what it may: of its own policies only those are left that it can't take away. */
const writtenBy = (caller: Caller, role: ReadRole, isEnough: Enough): Caller => {
  const may = (action: string, more: Readonly<Record<string, Value>> = {}) =>
    isEnough(mayTo(caller, action, role, more).answer)
  const mayVersion = ({ name }: Named) =>
    name.startsWith('arn:') &&
    !isOfAws(name) &&
    (['iam:CreatePolicyVersion', 'iam:SetDefaultPolicyVersion'] as const).some((action) => {
      if (!speaksOf(caller, action)) return false
      // What the other versions say is not to be seen.
      if (action === 'iam:SetDefaultPolicyVersion' && isEnough === certainly) return false
      return isEnough(mayDo(caller, action, known(name), (key) => inside.get(key)).answer)
    })
  const limit = { 'iam:permissionsboundary': boundaryOf(role) }
  const puts = may('iam:PutRolePolicy', limit)
  const attaches = may('iam:AttachRolePolicy', { ...limit, 'iam:policyarn': administrator(role) })
  // A policy that only some may be attached of: which, and what they say, is not to be seen.
  const attachesSome =
    !attaches && isEnough === perhaps && may('iam:AttachRolePolicy', { ...limit, 'iam:policyarn': chosen })
  const versions = new Set(caller.identity.filter(mayVersion))
  const boundary =
    caller.boundary === null ||
    may('iam:DeleteRolePermissionsBoundary', limit) ||
    may('iam:PutRolePermissionsBoundary', { 'iam:permissionsboundary': administrator(role) }) ||
    mayVersion(caller.boundary)
      ? null
      : caller.boundary
  if (!puts && !attaches && !attachesSome && versions.size === 0 && boundary === caller.boundary)
    return caller
  const drops = (name: string) =>
    name.startsWith('arn:')
      ? may('iam:DetachRolePolicy', { ...limit, 'iam:policyarn': known(name) })
      : puts || may('iam:DeleteRolePolicy', limit)
  const kept = caller.identity.filter((one) => one !== anything && !versions.has(one) && !drops(one.name))
  const gains = puts || attaches || attachesSome || versions.size > 0
  return {
    ...caller,
    identity: gains || caller.identity.includes(anything) ? [...kept, anything] : caller.identity,
    boundary,
  }
}

const administrator = ({ version: { arn } }: ReadRole): Value =>
  known(`arn:${arnOf(arn).partition}:iam::aws:policy/AdministratorAccess`)

/** The same, until there is nothing more to write. */
const writtenByItself = (caller: Caller, role: ReadRole, isEnough: Enough): Caller => {
  let now = caller
  for (let turn = 0; turn < 4; turn++) {
    const next = writtenBy(now, role, isEnough)
    if (next === now || isAlike(next, now)) return next
    now = next
  }
  return now
}

const isAlike = (a: Caller, b: Caller): boolean =>
  a.boundary === b.boundary &&
  a.identity.length === b.identity.length &&
  a.identity.every((one, i) => one === b.identity[i])

/** How a role comes to be another one. */
type How = 'trust' | 'itself' | 'machines'

interface Found extends Asked {
  readonly how: How
  readonly service?: string
}

/** Whether a role may have a service run something that has another. */
const byPassing = (caller: Caller, to: ReadRole): readonly Found[] => {
  if (!speaksOf(caller, 'iam:PassRole')) return []
  const services = new Set(to.lets?.flatMap(({ principals }) => principals?.Service ?? []) ?? [])
  return [...services].flatMap((service): Found[] => {
    const starts = (runners[service.replace(/\.cn$/, '')] ?? []).filter((action) => speaksOf(caller, action))
    if (starts.length === 0) return []
    if (service.startsWith('ec2.') && to.version.inProfile === false && !mayMakeProfiles(caller)) return []
    const passes = mayTo(caller, 'iam:PassRole', to, {
      'iam:passedtoservice': known(service),
      'iam:associatedresourcearn': chosen,
    })
    if (passes.answer === 'no') return []
    const runs = some(
      starts.map((action) => mayDo(caller, action, chosen, (key) => inside.get(key) ?? ofRun(key)).answer),
    )
    const answer = every([passes.answer, runs])
    return answer === 'no' ? [] : [{ answer, by: passes.by, how: 'machines', service }]
  })
}

/** What is started, where and how, is for whoever starts it to say. */
const ofRun = (key: string): Value | undefined =>
  /^(aws:requestedregion$|aws:requesttag\/|(ec2|lambda|ecs|batch|codebuild|cloudformation|glue|sagemaker):)/.test(
    key,
  )
    ? chosen
    : key === 'aws:tagkeys'
      ? { is: 'chosen', many: true }
      : undefined

const mayMakeProfiles = (caller: Caller): boolean => speaksOf(caller, 'iam:AddRoleToInstanceProfile')

/** The first way that is certain, or else the first. */
const best = (ways: Iterable<Found>): Found | undefined => {
  let found: Found | undefined
  for (const way of ways) {
    if (way.answer === 'yes') return way
    found ??= way
  }
  return found
}

/**
 * Which roles may make themselves others: by writing the trust of one, by writing their own policies until a trust lets
 * them in, or by having a service run what they like with it. IAM lets nobody write in another account.
 */
export function* byWriting(roles: readonly ReadRole[]): Iterable<RoleGrant> {
  const inAccount = new Map<string, ReadRole[]>()
  for (const role of roles) inAccount.set(role.account, [...(inAccount.get(role.account) ?? []), role])
  for (const from of roles) {
    const read = callerOf(from)
    const own: Caller = { ...read, identity: read.identity.filter(mayMatter) }
    if (!writing.some((action) => speaksOf(own, action))) continue
    const sure = writtenByItself(own, from, certainly)
    const unsure = writtenByItself(own, from, perhaps)
    const written = [
      { caller: sure, limit: 'yes' as const },
      { caller: unsure, limit: 'depends' as const },
    ].filter(({ caller }) => !isAlike(caller, own))
    for (const to of written.length > 0 ? roles : (inAccount.get(from.account) ?? [])) {
      if (to.version.address === from.version.address) continue
      const found = best(waysTo(own, from, to, written))
      if (found !== undefined) yield rewrites(from, to, found)
    }
  }
}

const writing = [
  'iam:UpdateAssumeRolePolicy',
  'iam:PutRolePolicy',
  'iam:AttachRolePolicy',
  'iam:CreatePolicyVersion',
  'iam:SetDefaultPolicyVersion',
  'iam:DeleteRolePermissionsBoundary',
  'iam:PutRolePermissionsBoundary',
  'iam:PassRole',
]

function* waysTo(
  own: Caller,
  from: ReadRole,
  to: ReadRole,
  written: readonly { readonly caller: Caller; readonly limit: 'yes' | 'depends' }[],
): Iterable<Found> {
  const isNear = from.account === to.account
  if (isNear) {
    const asked = mayTo(own, 'iam:UpdateAssumeRolePolicy', to)
    if (asked.answer !== 'no') yield { ...asked, how: 'trust' }
    yield* byPassing(own, to)
  }
  for (const { caller, limit } of written) {
    const answers = function* (): Iterable<Answer> {
      if (isNear) yield mayTo(caller, 'iam:UpdateAssumeRolePolicy', to).answer
      yield to.lets === undefined ? 'depends' : mayAssume(caller, targetOf(to), inside).answer
      if (isNear) for (const { answer } of byPassing(caller, to)) yield answer
    }
    const answer = every([limit, some(answers())])
    if (answer !== 'no') yield { answer, by: undefined, how: 'itself' }
  }
}

/** It stands where the role is that may write: in the policy that says so, where it is one alone. */
const rewrites = (from: ReadRole, to: ReadRole, { answer, by, how, service }: Found): RoleGrant => ({
  grant: {
    power: 'rewrites',
    of: from.version.address,
    on: to.version.address,
    by: service ?? how,
    field: by?.startsWith('arn:') === true ? 'managed_policies' : 'inline_policies',
    sure: answer === 'yes',
  },
  role: from.version,
  by: to.version,
})
