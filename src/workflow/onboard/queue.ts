import { quoted } from '../../config/problem.js'
import type { Interview } from './interview.js'
import { isPrivileged, keptFrom, whoLetsIn, whomFor, either } from './people.js'
import { isDeclared, wantsOf, type Draft, type Session } from './session.js'
import { who } from './who.js'

/** A queue in a cluster that is there: agents for one kind of work. */
export const newQueue = (session: Session, interview: Interview): Draft | undefined => {
  const email = who(session, interview)
  const cluster = askCluster(session, interview, email)
  const key = interview.ask({
    name: 'key',
    message: 'What is the queue called?',
    why: ['Steps say it: agents: { queue: large }.'],
    check: (value) => {
      if (cluster !== undefined && isDeclared(session, 'queue', `${cluster}/${value}`))
        return {
          code: 'bad-answer',
          what: `cluster ${cluster} has a queue ${quoted(value)} already`,
          why: 'two queues of one name would be one',
          fix: 'choose another name',
        }
      return /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/.test(value)
        ? undefined
        : {
            code: 'bad-answer',
            what: `${quoted(value)} can't be the key of a queue`,
            why: 'keys are letters, digits, dashes and underscores',
            fix: 'call it something like large or macos-m2',
          }
    },
  })
  const description = interview.ask({
    name: 'description',
    message: 'What is it for?',
    why: ['One line, for whoever looks for a queue.'],
  })
  if (email === undefined || cluster === undefined || key === undefined || description === undefined)
    return undefined
  const want = wantsOf(session, 'cluster').find((one) => one.key === cluster)
  return {
    kind: 'queue',
    key: `${cluster}/${key}`,
    edits: [
      {
        file: want?.at.file ?? session.declared.root,
        edit: { act: 'set', path: ['clusters', cluster, 'queues', key], value: { description } },
      },
    ],
    notes: [
      isPrivileged(session.wanted, cluster)
        ? `Whoever may build in ${cluster} can send jobs to every queue of it, so to this one too.`
        : `Every pipeline of ${cluster} can use it.`,
      'Agents have to be started for it: `bridle stack` prints what their stack needs.',
    ],
  }
}

const askCluster = (session: Session, { ask }: Interview, email: string | undefined): string | undefined => {
  const { wanted } = session
  const all = wantsOf(session, 'cluster').map(({ key }) => key)
  const keeping = (cluster: string) => keptFrom(wanted, `${cluster}/`, email)
  const open = all.filter((cluster) => keeping(cluster) === undefined)
  const kept = all.filter((cluster) => !open.includes(cluster))
  const [only] = open
  return ask({
    name: 'cluster',
    message: 'In which cluster?',
    why: kept.flatMap((cluster) => {
      const allow = keeping(cluster)
      if (allow === undefined) return []
      const { ask } = whoLetsIn(wanted, allow)
      return [
        `Not for you: ${cluster} is for ${whomFor(allow)} (${allow.at.file}:${allow.at.line})${ask.length === 0 ? '' : `; ask ${either(ask)}`}.`,
      ]
    }),
    choices: open.map((value) => ({ value })),
    isFree: true,
    settled:
      only !== undefined && open.length === 1 && kept.length === 0
        ? { value: only, because: 'the only one there is' }
        : undefined,
    check: (cluster) => {
      if (open.includes(cluster)) return undefined
      const allow = keeping(cluster)
      if (!all.includes(cluster) || allow === undefined)
        return {
          code: 'bad-answer',
          what: `there is no cluster ${quoted(cluster)} in the files`,
          why: 'a cluster is a border, and made with care: who may get code onto its agents is decided there',
          fix: `say one of: ${open.join(', ')}`,
        }
      const { ask, where } = whoLetsIn(wanted, allow)
      return {
        code: 'not-for-you',
        what: `${cluster} is for ${whomFor(allow)}, and ${email ?? 'you'} is not among them`,
        why: 'whoever may build there can run code on every agent of the cluster',
        fix: `take ${either(open) || 'nothing yet'}${ask.length === 0 ? '' : `, or ask ${either(ask)}`}`,
        where,
      }
    },
  })
}
