import { quoted } from '../../config/problem.js'
import type { Json } from '../../model/json.js'
import { countIn, homeIn } from './home.js'
import { listIn, type Interview } from './interview.js'
import { either, keptFrom, whoLetsIn, whomFor } from './people.js'
import { isDeclared, wantsOf, type Draft, type Session } from './session.js'
import { who } from './who.js'

/** Who may become a role, as the files say it. */
export type TrustStatement =
  | { readonly pipeline: string; readonly queue: string; readonly branches?: readonly string[] }
  | { readonly role: string }
  | { readonly service: string }

/** A role of AWS that the jobs of one pipeline become, on one queue. */
export const newRole = (session: Session, interview: Interview): Draft | undefined => {
  const { ask } = interview
  const email = who(session, interview)
  const account = askAccount(session, interview)
  const pipeline = askPipeline(session, interview, email)
  const queue = askQueue(session, interview, pipeline)
  const name = ask({
    name: 'name',
    message: 'What is the role called?',
    ...(pipeline !== undefined && { suggestion: pipeline, isUsual: true }),
    check: (value) => {
      if (account !== undefined && isDeclared(session, 'role', `${account}/${value}`))
        return {
          code: 'bad-answer',
          what: `account ${account} has a role ${quoted(value)} already`,
          why: 'two roles of one name would be one',
          fix: 'choose another name',
        }
      return /^[\w+=,.@-]{1,64}$/.test(value)
        ? undefined
        : {
            code: 'bad-answer',
            what: `${quoted(value)} can't be the name of a role`,
            why: 'IAM takes letters, digits and +=,.@_-, at most 64 of them',
            fix: 'call it after its pipeline',
          }
    },
  })
  const branches = ask({
    name: 'branches',
    message: 'Of which branches may a build be that becomes it?',
    why: ['Names with commas between; * for all. It is what a build says of itself, and no proof.'],
    suggestion: defaultBranch(session, pipeline),
    isUsual: true,
  })
  const policies = ask({
    name: 'policies',
    message: 'What may it do?',
    why: ['ARNs of managed policies with commas between; none to write them later.'],
    suggestion: none,
    isUsual: true,
    check: (value) => {
      const wrong =
        value === none
          ? undefined
          : listIn(value).find((one) => !/^arn:[a-z-]+:iam::(aws|\d{12}):policy\/\S+$/.test(one))
      return wrong === undefined
        ? undefined
        : {
            code: 'bad-answer',
            what: `${quoted(wrong)} is not the ARN of a policy`,
            why: 'IAM attaches policies by their ARNs',
            fix: 'write it as arn:aws:iam::aws:policy/ReadOnlyAccess',
          }
    },
  })
  if ([email, account, pipeline, queue, name, branches, policies].includes(undefined)) return undefined
  const boundary = boundaryIn(session, account ?? '')
  const trust: Json = {
    pipeline: pipeline ?? '',
    queue: queue ?? '',
    ...(branches !== '*' && { branches: listIn(branches) }),
  }
  const roles = wantsOf(session, 'role').filter(({ key }) => key.startsWith(`${account ?? ''}/`))
  const accounts = session.wanted.aws?.accounts ?? []
  const file =
    roles.length > 0
      ? homeIn(session, 'aws', countIn(roles))
      : (accounts.find((one) => one.name === account)?.at.file ?? session.declared.root)
  return {
    kind: 'role',
    key: `${account ?? ''}/${name ?? ''}`,
    edits: [
      {
        file,
        edit: {
          act: 'set',
          path: ['aws', 'roles', `${account ?? ''}/${name ?? ''}`],
          value: {
            trust: [trust],
            ...(policies !== none && { managed_policies: listIn(policies) }),
            ...(boundary !== undefined && { permissions_boundary: boundary }),
          },
          lines: true,
        },
      },
    ],
    notes: [
      ...(policies === none ? ['It may do nothing yet: give it managed_policies or inline_policies.'] : []),
      'Steps become it with the aws-assume-role-with-web-identity plugin, or with a token of `buildkite-agent oidc request-token`.',
    ],
  }
}

const none = 'none'

const askAccount = (session: Session, { ask }: Interview): string | undefined => {
  const accounts = session.wanted.aws?.accounts ?? []
  const [only] = accounts
  return ask({
    name: 'account',
    message: 'In which AWS account?',
    why:
      accounts.length === 0
        ? ['The files declare no account: somebody who manages one writes it under aws.accounts first.']
        : [],
    choices: accounts.map(({ name, id }) => ({ value: name, about: id })),
    settled:
      only !== undefined && accounts.length === 1
        ? { value: only.name, because: 'the only one there is' }
        : undefined,
  })
}

const askPipeline = (session: Session, { ask }: Interview, email: string | undefined): string | undefined => {
  const { wanted } = session
  const all = wantsOf(session, 'pipeline')
  const keeping = (cluster: unknown) =>
    typeof cluster === 'string' ? keptFrom(wanted, `${cluster}/`, email) : undefined
  const open = all.filter(({ spec }) => keeping(spec['cluster']) === undefined)
  return ask({
    name: 'pipeline',
    message: 'Which pipeline’s jobs become it?',
    choices: open.map(({ key, spec }) => ({ value: key, about: `in ${String(spec['cluster'])}` })),
    isFree: true,
    check: (slug) => {
      const want = all.find(({ key }) => key === slug)
      if (want === undefined)
        return {
          code: 'bad-answer',
          what: `there is no pipeline ${quoted(slug)} in the files`,
          why: 'a role trusts pipelines by their ids, so they have to be declared',
          fix: `say one of: ${open
            .map(({ key }) => key)
            .slice(0, 12)
            .join(', ')}; or make it with \`bridle onboard pipeline\``,
        }
      const allow = keeping(want.spec['cluster'])
      if (allow === undefined) return undefined
      const { ask: people, where } = whoLetsIn(wanted, allow)
      return {
        code: 'not-for-you',
        what: `pipeline ${slug} is in ${String(want.spec['cluster'])}, which is for ${whomFor(allow)}, and ${email ?? 'you'} is not among them`,
        why: 'what its jobs may become is decided by those who may run jobs there',
        fix:
          people.length === 0
            ? 'choose another pipeline'
            : `choose another pipeline, or ask ${either(people)}`,
        where,
      }
    },
  })
}

const askQueue = (
  session: Session,
  interview: Interview,
  pipeline: string | undefined,
): string | undefined => {
  const cluster = wantsOf(session, 'pipeline').find(({ key }) => key === pipeline)?.spec['cluster']
  const queues = wantsOf(session, 'queue')
    .map(({ key }) => key)
    .filter((key) => typeof cluster !== 'string' || key.startsWith(`${cluster}/`))
  const [only] = queues
  return interview.ask({
    name: 'queue',
    message: 'On which queue?',
    choices: queues.map((value) => ({ value })),
    isFree: true,
    settled:
      pipeline !== undefined && only !== undefined && queues.length === 1
        ? { value: only, because: `the only one that ${pipeline} can use` }
        : undefined,
    check: (queue) =>
      pipeline === undefined || queues.includes(queue)
        ? undefined
        : {
            code: 'answers-contradict',
            what: `pipeline ${pipeline} is in cluster ${String(cluster)}, which has no queue ${quoted(queue)}`,
            why: 'a pipeline can only use queues of its own cluster, so it would never become the role',
            fix: `say ${either(queues)}`,
            against: 'pipeline',
          },
  })
}

const defaultBranch = (session: Session, pipeline: string | undefined): string => {
  const branch = wantsOf(session, 'pipeline').find(({ key }) => key === pipeline)?.spec['default_branch']
  return typeof branch === 'string' ? branch : 'main'
}

/** The boundary that every role of an account has, where there is one. */
const boundaryIn = (session: Session, account: string): string | undefined => {
  const boundaries = wantsOf(session, 'role')
    .filter(({ key, spec }) => key.startsWith(`${account}/`) && Array.isArray(spec['trust']))
    .filter(({ spec }) => (spec['trust'] as TrustStatement[]).some((one) => 'pipeline' in one))
    .map(({ spec }) => spec['permissions_boundary'])
  const [first] = boundaries
  return typeof first === 'string' && boundaries.every((one) => one === first) ? first : undefined
}
