import { repositoryAddress, repositoryName } from '../../config/repository.js'
import { quoted } from '../../config/problem.js'
import type { Choice } from '../../model/onboarding.js'
import type { TrustStatement } from './role.js'
import type { Asking, Interview, No } from './interview.js'
import { countIn, homeIn } from './home.js'
import { either, isPrivileged, keptFrom, teamsIn, teamsOf, whoLetsIn, whomFor } from './people.js'
import { who } from './who.js'
import { isDeclared, wantsOf, type Draft, type Session } from './session.js'

const levels = ['build_and_read', 'manage_build_and_read', 'read_only'] as const

/** A pipeline for a repository: what can be found out is found out, and the rest is asked. */
export const newPipeline = (session: Session, interview: Interview): Draft | undefined => {
  const email = who(session, interview)
  const repository = askRepository(session, interview)
  const slug = askSlug(session, interview, repository)
  const role = askRole(session, interview, email)
  const queue = askQueue(session, interview, { email, role })
  const team = askTeam(session, interview, { email, queue })
  const level = interview.ask({
    name: 'level',
    message: 'What may the team do with it?',
    choices: levels.map((value) => ({ value })),
    settled: { value: levels[0], because: 'its settings are changed here' },
  })
  if ([email, repository, slug, role, queue, team, level].includes(undefined)) return undefined
  const [cluster = '', key = ''] = (queue ?? '').split('/')
  const isDefault =
    session.wanted.wants.find((want) => want.kind === 'cluster' && want.key === cluster)?.spec[
      'default_queue'
    ] === key
  const entry = {
    cluster,
    repository: repository ?? '',
    ...(team !== none && { teams: { [team ?? '']: level ?? levels[0] } }),
    ...(!isDefault && { steps: uploadOn(key) }),
  }
  const file = homeOf(session, cluster, team ?? '')
  const path = ['pipelines', slug ?? '']
  return {
    kind: 'pipeline',
    key: slug ?? '',
    edits: [
      { file, edit: { act: 'set', path, value: entry, lines: true } },
      ...(role === undefined || role === none ? [] : trustIn(session, { role, queue, slug })),
    ],
    notes: [
      `Its first step uploads the rest from .buildkite/pipeline.yml of the repository.`,
      ...(isDefault ? [] : [`Steps there name their queue: agents: { queue: ${key} }.`]),
    ],
  }
}

const none = 'none'

/** The steps that Buildkite's own form begins with, for a queue that is not its cluster's usual one. */
const uploadOn = (queue: string) =>
  [
    'steps:',
    '  - label: ":pipeline: Pipeline Upload"',
    '    command: buildkite-agent pipeline upload',
    `    agents: { queue: ${queue} }`,
    '',
  ].join('\n')

const askRepository = ({ here }: Session, { ask }: Interview): string | undefined => {
  const { repository, isRepositoryOfFiles = false } = here
  return ask({
    name: 'repository',
    message: 'Which repository does it build?',
    why: [
      repository === undefined
        ? 'There is no git repository here with a remote "origin", so bridle can’t tell.'
        : 'The files of bridle are in the repository here, so it may be another one that is built.',
    ],
    ...(repository && { suggestion: repository.value }),
    settled: isRepositoryOfFiles ? undefined : repository,
    check: (url) =>
      /^[^\s]+[:/][^\s]+$/.test(url)
        ? /^[a-z]+:\/\/[^/@]*:[^/@]*@/i.test(url)
          ? {
              code: 'bad-answer',
              what: 'the repository has a password in its URL',
              why: 'whoever reads the files would have it',
              fix: 'leave it out: git@HOST:OWNER/NAME.git, or https://HOST/OWNER/NAME.git',
            }
          : undefined
        : {
            code: 'bad-answer',
            what: `${quoted(url)} is not the URL of a repository`,
            why: 'agents clone from it',
            fix: 'write it as git@github.com:OWNER/NAME.git',
          },
  })
}

const askSlug = (
  session: Session,
  { ask }: Interview,
  repository: string | undefined,
): string | undefined => {
  const name = slugOf(repositoryName(repository ?? ''))
  const isTaken = (slug: string) => isDeclared(session, 'pipeline', slug)
  const others =
    repository === undefined
      ? []
      : wantsOf(session, 'pipeline').filter(
          ({ spec }) =>
            typeof spec['repository'] === 'string' &&
            repositoryAddress(spec['repository']) === repositoryAddress(repository),
        )
  const isFree = name !== '' && !isTaken(name) && others.length === 0
  const suggestion = [name, `${name}-2`, `${name}-3`].find((slug) => slug !== '' && !isTaken(slug))
  return ask({
    name: 'slug',
    message: 'What is it called?',
    why: [
      ...(others.length > 0
        ? [
            `There ${others.length === 1 ? 'is' : 'are'} already ${others.map(({ key, at }) => `${key} (${at.file}:${at.line})`).join(', ')} for this repository.`,
          ]
        : isTaken(name)
          ? [`There is a pipeline ${name} already, for another repository.`]
          : []),
      'Lower case, digits and dashes, as in web-deploy.',
    ],
    ...(suggestion !== undefined && others.length === 0 && { suggestion }),
    settled: isFree ? { value: name, because: 'the name of the repository' } : undefined,
    check: (slug) => badSlug(session, 'pipeline', slug),
  })
}

/** A name as Buildkite makes slugs of it. */
const slugOf = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')

/** Why a name can't be that of something new. */
export const badSlug = (session: Session, kind: 'pipeline' | 'team', slug: string): No | undefined => {
  const there = session.wanted.wants.find((want) => want.kind === kind && want.key === slug)
  if (there !== undefined)
    return {
      code: 'bad-answer',
      what: `there is a ${kind} ${quoted(slug)} already`,
      why: 'two things of one name would be one',
      fix: `choose another name, or change what is there by hand`,
      where: [there.at],
    }
  if (/^[a-z0-9][a-z0-9-]{0,99}$/.test(slug)) return undefined
  return {
    code: 'bad-answer',
    what: `${quoted(slug)} can't be the slug of a ${kind}`,
    why: 'slugs are lower case, digits and dashes, at most 100, and begin with no dash',
    fix: `call it ${quoted(slugOf(slug).slice(0, 100) || kind)}`,
  }
}

/** The roles that a pipeline could become by a line of its own, and from where. */
const rolesFor = (
  session: Session,
): readonly { readonly role: string; readonly queues: readonly string[] }[] =>
  wantsOf(session, 'role').flatMap(({ key: role, spec }) => {
    const trust = (spec['trust'] ?? []) as readonly TrustStatement[]
    const queues = [...new Set(trust.flatMap((one) => ('queue' in one ? [one.queue] : [])))]
    return queues.length === 0 ? [] : [{ role, queues }]
  })

const askRole = (session: Session, { ask }: Interview, email: string | undefined): string | undefined => {
  const { wanted } = session
  const roles = rolesFor(session)
  const isOpen = ({ queues }: (typeof roles)[number]) =>
    queues.some((queue) => keptFrom(wanted, queue, email) === undefined)
  const choices: Choice[] = [
    { value: none, about: 'builds and tests need none' },
    ...roles.filter(isOpen).map(({ role, queues }) => ({ value: role, about: `on ${either(queues)}` })),
  ]
  const kept = roles.filter((one) => !isOpen(one))
  return ask({
    name: 'role',
    message: 'Which AWS role do its jobs need?',
    why: kept.map(({ role, queues }) => notForYou(session, role, queues, 'another')),
    choices,
    suggestion: none,
    isUsual: true,
    isFree: true,
    settled:
      choices.length === 1 && kept.length === 0
        ? { value: none, because: 'the files have none that a pipeline becomes' }
        : undefined,
    check: (role) => {
      const known = roles.find((one) => one.role === role)
      if (role === none || (known !== undefined && isOpen(known))) return undefined
      if (known === undefined)
        return {
          code: 'bad-answer',
          what: `no pipeline can become a role ${quoted(role)}`,
          why: 'a role says which pipelines may become it, and on which queue; the files have no such role',
          fix: `say one of: ${choices.map(({ value }) => value).join(', ')}; or make it with \`bridle onboard role\``,
        }
      return refusal(session, { what: `role ${role}`, queue: known.queues[0] ?? '', email, offer: none })
    },
  })
}

/** `Not for you: production/deploy is for team release (bridle.yaml:24). You can have …, or ask …` */
const notForYou = ({ wanted }: Session, what: string, queues: readonly string[], other: string): string => {
  const allow = queues.map((queue) => keptFrom(wanted, queue, undefined)).find((one) => one !== undefined)
  if (allow === undefined) return ''
  const { ask } = whoLetsIn(wanted, allow)
  return `Not for you: ${what} is for ${whomFor(allow)} (${allow.at.file}:${allow.at.line}). You can have ${other}${ask.length === 0 ? '' : `, or ask ${either(ask)}`}.`
}

const refusal = (
  { wanted }: Session,
  {
    what,
    queue,
    email,
    offer,
  }: {
    readonly what: string
    readonly queue: string
    readonly email: string | undefined
    readonly offer: string
  },
): No | undefined => {
  const allow = keptFrom(wanted, queue, email)
  if (allow === undefined) return undefined
  const { ask, where } = whoLetsIn(wanted, allow)
  const place = where.at(-1)
  return {
    code: 'not-for-you',
    what: `${what} is for ${whomFor(allow)}, and ${email ?? 'nobody knows whether you are'} ${email === undefined ? '' : 'is not among them'}`.trim(),
    why: 'whoever has a pipeline there can run code on every agent of the cluster',
    fix: `take ${offer}${ask.length === 0 ? '' : `, or ask ${either(ask)}`}${place === undefined ? '' : `: who may is written at ${place.file}:${place.line}`}`,
    where,
  }
}

const askQueue = (
  session: Session,
  interview: Interview,
  { email, role }: { readonly email: string | undefined; readonly role: string | undefined },
): string | undefined => {
  const { wanted } = session
  const all = wantsOf(session, 'queue')
  const needed = rolesFor(session).find((one) => one.role === role)?.queues
  const isOpen = (queue: string) => keptFrom(wanted, queue, email) === undefined
  const open = all.filter(({ key }) => isOpen(key) && needed?.includes(key) !== false)
  const first = (key: string) => Number(isPrivileged(wanted, key.split('/')[0] ?? ''))
  const choices = open
    .map(({ key, spec }): Choice => ({
      value: key,
      ...(typeof spec['description'] === 'string' && { about: spec['description'] }),
    }))
    .toSorted((a, b) => first(a.value) - first(b.value))
  const kept = all.filter(({ key }) => !isOpen(key))
  const [only] = choices
  const usual = choices.find(({ value }) => value === defaultQueue(session))
  const offer = either(choices.slice(0, 3).map(({ value }) => value)) || 'nothing here yet'
  const answer = interview.ask({
    name: 'queue',
    message: 'Where do its jobs run?',
    why:
      kept.length === 0
        ? []
        : [
            byBorder(
              session,
              kept.map(({ key }) => key),
            ),
          ],
    choices,
    isFree: true,
    ...(usual && { suggestion: usual.value, isUsual: true }),
    settled:
      only !== undefined && choices.length === 1 && (needed !== undefined || kept.length === 0)
        ? {
            value: only.value,
            because: needed === undefined ? 'the only one there is' : `where ${role ?? ''} is to be had`,
          }
        : undefined,
    check: (queue) => {
      if (all.every(({ key }) => key !== queue)) {
        const inside = choices.filter(({ value }) => value.startsWith(queue.replace(/[^/]*$/, '')))
        const some = (inside.length > 0 ? inside : choices).map(({ value }) => value)
        return {
          code: 'bad-answer',
          what: `there is no queue ${quoted(queue)}`,
          why: 'its jobs would wait for ever',
          fix: `say one of: ${some.slice(0, 12).join(', ')}; or make it with \`bridle onboard queue\``,
        }
      }
      return refusal(session, { what: queue, queue, email, offer })
    },
  } satisfies Asking)
  if (answer !== undefined && needed !== undefined && !needed.includes(answer)) {
    interview.refuse('queue', {
      code: 'answers-contradict',
      what: `role ${role ?? ''} is to be had on ${either(needed)} alone, and the queue is to be ${answer}`,
      why: 'on another queue its jobs could not become the role',
      fix: `say ${either(needed)}, or leave one of the two out`,
      against: 'role',
    })
    return undefined
  }
  return answer
}

/** One line for all queues of a border. */
const byBorder = (session: Session, queues: readonly string[]): string => {
  const shown = queues.slice(0, 3).join(', ')
  const more = queues.length > 3 ? ` and ${queues.length - 3} more` : ''
  return notForYou(session, `${shown}${more}`, queues, 'one of these')
}

/** Where new pipelines land. */
const defaultQueue = (session: Session): string | undefined => {
  const cluster = wantsOf(session, 'settings')[0]?.spec['default_cluster']
  const queue = wantsOf(session, 'cluster').find(({ key }) => key === cluster)?.spec['default_queue']
  return typeof cluster === 'string' && typeof queue === 'string' ? `${cluster}/${queue}` : undefined
}

const askTeam = (
  session: Session,
  { ask }: Interview,
  { email, queue }: { readonly email: string | undefined; readonly queue: string | undefined },
): string | undefined => {
  const { wanted } = session
  const cluster = queue?.split('/')[0] ?? ''
  const allow = wanted.access.allow.find(({ on }) => on === `cluster:${cluster}`)
  const mine = teamsOf(wanted, email)
  const fit =
    allow === undefined ? mine : mine.filter((team) => allow.teams.some(({ value }) => value === team))
  const all = allow === undefined ? teamsIn(wanted) : allow.teams.map(({ value }) => value)
  const [only] = fit
  const isOnlyNamed = allow !== undefined && all.length === 0
  return ask({
    name: 'team',
    message: 'Whose is it?',
    why: [
      fit.length > 0
        ? 'You are in these teams; another one can be typed.'
        : `No team has ${email ?? 'you'} among its members in the files.`,
    ],
    choices: (fit.length > 0 ? fit : all).map((value) => ({ value })),
    isFree: true,
    settled:
      queue === undefined
        ? undefined
        : isOnlyNamed
          ? { value: none, because: `${whomFor(allow)} may, and no team` }
          : only !== undefined && fit.length === 1
            ? {
                value: only,
                because:
                  mine.length === 1
                    ? 'the only one that you are in'
                    : `the one of yours that ${cluster} is for`,
              }
            : undefined,
    check: (team) => {
      if (all.includes(team) || (isOnlyNamed && team === none)) return undefined
      if (allow !== undefined && teamsIn(wanted).includes(team))
        return {
          code: 'not-for-you',
          what: `team ${team} may not have a pipeline in ${cluster}, which is for ${whomFor(allow)}`,
          why: 'whoever may start builds there can run code on every agent of the cluster',
          fix: `say ${either(all) || none}, or choose another queue`,
          where: [allow.at],
          against: 'queue',
        }
      return {
        code: 'bad-answer',
        what: `there is no team ${quoted(team)} in the files`,
        why: 'what nobody declares gives nobody anything',
        fix: `say one of: ${teamsIn(wanted).slice(0, 12).join(', ')}; or make it with \`bridle onboard team\``,
      }
    },
  })
}

/** Where pipelines like it stand: of its team, or of its cluster where that is privileged. */
const homeOf = (session: Session, cluster: string, team: string): string => {
  const grants = wantsOf(session, 'grant')
  const inCluster = countIn(wantsOf(session, 'pipeline').filter(({ spec }) => spec['cluster'] === cluster))
  const teamsPipelines = new Set(
    grants
      .filter(({ spec }) => spec['team'] === team && spec['level'] !== 'read_only')
      .map(({ spec }) => spec['pipeline']),
  )
  const ofTeam = countIn(wantsOf(session, 'pipeline').filter(({ key }) => teamsPipelines.has(key)))
  const own = countIn(wantsOf(session, 'team').filter(({ key }) => key === team))
  const isGuarded = isPrivileged(session.wanted, cluster)
  return homeIn(session, 'pipelines', (file) =>
    isGuarded
      ? inCluster(file) * 1000 + ofTeam(file)
      : ofTeam(file) * 1000 + own(file) * 500 + Math.min(inCluster(file), 400),
  )
}

/** One more way into a role, for one pipeline alone. */
const trustIn = (
  session: Session,
  { role, queue, slug }: Readonly<Record<'role' | 'queue' | 'slug', string | undefined>>,
): Draft['edits'] => {
  const want = wantsOf(session, 'role').find(({ key }) => key === role)
  return want === undefined
    ? []
    : [
        {
          file: want.at.file,
          edit: {
            act: 'append',
            path: ['aws', 'roles', role ?? '', 'trust'],
            value: { pipeline: slug ?? '', queue: queue ?? '' },
          },
        },
      ]
}
