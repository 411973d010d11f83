import type { GateTried, Result, TriedAlike, TriedJob } from '../../src/model/result.js'
import { addressOf } from '../../src/model/address.js'
import { access, loss, outage, safe } from '../../src/model/risk.js'
import type { Finding } from '../../src/model/finding.js'
import { accessCodes, type AccessCode } from '../../src/model/access-codes.js'
import type { Fact } from '../../src/model/grant.js'
import type { Plan } from '../../src/model/plan.js'
import type { Span } from '../../src/model/span.js'
import type { Basis, Hop, Path, QueueVerdict, VerdictWord } from '../../src/model/verdict.js'

const findings = (name: string): Finding[] => [
  {
    code: 'unknown-key',
    severity: 'error',
    what: `the key ${name} is not known`,
    where: [
      { file: `${name}.yaml`, line: 9, column: 3, length: 5, text: `  ${name}: 1` },
      { file: 'bridle.yaml', line: 120, column: 1, length: 1, text: 'teams:' },
    ],
    label: `not ${name}`,
    why: `nobody reads ${name}`,
    fix: `take ${name} out`,
    commands: [{ words: ['bk', name], about: name }],
  },
  { code: 'unknown-key', severity: 'warning', what: name, where: [], why: name, fix: name },
]

const span = (name: string, line = 9): Span => ({
  file: `${name}.yaml`,
  line,
  column: 3,
  length: 5,
  text: `  ${name}: 1`,
})

/** What was read from a file, and what the API told. */
const facts = (name: string): Fact[] => {
  const team = addressOf('team', name)
  const grant = {
    power: 'in-team',
    of: addressOf('user', name),
    on: team,
    sure: true,
    field: 'role',
  } as const
  return [
    { ...grant, at: { from: 'file', address: team, span: span(name) } },
    { ...grant, at: { from: 'api', address: team, field: 'Team.members', api: 'GraphQL' } },
    { ...grant, at: { from: 'api', address: team, field: `${name}.x`, api: 'REST' } },
  ]
}

const hops = (name: string): Hop[] => [
  {
    path: 'rule',
    from: [`user:${name}`],
    to: `can act in team:${name}`,
    says: `is in team:${name}`,
    facts: facts(name),
  },
  {
    path: 'R4',
    from: [`can act in team:${name}`, `can build ${name}`],
    to: `can run code in pipeline:${name}`,
    says: `may change ${name}`,
    facts: facts(name).slice(1),
    assumes: { finding: 'full-access', at: addressOf('pipeline', name) },
    accepted: true,
  },
  {
    path: 'R8',
    from: [`can run code in pipeline:${name}`],
    to: `can run on queue:${name}`,
    says: name,
    facts: [],
    assumes: { finding: 'push-to-repository', at: addressOf('repository', name) },
    accepted: false,
  },
]

const path = (name: string, sureness: Path['sureness']): Path => ({
  who: `user:${name}`,
  hops: hops(name),
  numbers: ['R4', 'R8'],
  sureness,
})

const basis = (on: Basis['on']): Basis => ({
  on,
  read: { from: '2026-11-02T02:10:03.000Z', to: '2026-11-02T02:10:09.000Z', readings: 2 },
})

const everyPath = Object.keys(accessCodes) as AccessCode[]

/** What each path comes to, and what it rests on. */
const pathVerdicts = (name: string, word: VerdictWord): QueueVerdict['paths'] =>
  (word === 'open' ? everyPath : everyPath.slice(3, 25)).map((finding) => ({
    path: accessCodes[finding].path,
    finding,
    verdict: finding === 'full-access' ? word : finding === 'any-queue' ? 'held' : 'closed',
    reachers: finding === 'full-access' ? 7 : 0,
    ...(finding === 'administrators' && { beyond: true as const }),
    assumptions:
      finding === 'push-to-repository' || (finding === 'full-access' && word !== 'open')
        ? [
            { finding, at: addressOf('repository', name), accepted: word === 'closed' },
            { finding, at: addressOf('pipeline', name), accepted: true },
          ]
        : [],
  }))

const reachersOf = (name: string) =>
  ['', '1', '2', '3', '4', '5', '6'].map((more) => ({
    who: `user:${name}${more}`,
    allowed: false,
    shortest: path(`${name}${more}`, more === '3' ? 'assumed' : 'open'),
  }))

const queueVerdict = (name: string, verdict: VerdictWord, accepted: number): QueueVerdict => ({
  queue: addressOf('queue', verdict, name),
  verdict,
  accepted,
  trusted: 1,
  allowed: [`user:${name}`],
  paths: pathVerdicts(name, verdict),
  reachers: verdict === 'open' ? reachersOf(name) : [],
  at: span(name),
  ...(verdict === 'held' ? { contained: true } : {}),
})

const accessFindings = (name: string): Finding[] => [
  {
    code: 'full-access',
    severity: 'error',
    what: `user:${name} can run code`,
    where: [span(name, 12), span(name, 40)],
    why: name,
    fix: name,
    trail: hops(name),
  },
  {
    code: 'push-to-repository',
    severity: 'error',
    what: `nothing settles ${name}`,
    where: [],
    why: name,
    fix: name,
    assumes: { finding: 'push-to-repository', at: addressOf('repository', name) },
  },
]

const delta = (name: string): NonNullable<Plan['access']> => ({
  gains: [
    { who: `user:${name}`, on: addressOf('queue', 'production', name), paths: [path(name, 'open')] },
    { who: `user:${name}2`, on: addressOf('queue', 'production', name), paths: [] },
    {
      who: `user:${name}4`,
      on: addressOf('queue', 'production', name),
      by: `team:${name}`,
      paths: [path(name, 'open')],
    },
    { who: 'outsider:anybody', on: addressOf('queue', 'production', name), paths: [path(name, 'assumed')] },
    { who: `user:${name}`, can: 'edit', on: addressOf('pipeline', name), paths: [] },
  ],
  losses: [
    { who: `user:${name}3`, on: addressOf('queue', 'production', name) },
    { who: `user:${name}3`, can: 'maintain', on: addressOf('cluster', name) },
  ],
  opens: [],
  widens: true,
})

/** One of each answer about access. */
export const accessResultsWith = (name: string): Result[] => {
  const on = addressOf('queue', 'production', name)
  const who = `user:${name}`
  return [
    {
      result: 'access-check',
      basis: basis('organization'),
      queues: [
        queueVerdict(name, 'open', 0),
        queueVerdict(name, 'assumed', 1),
        queueVerdict(name, 'held', 2),
        queueVerdict(name, 'closed', 3),
      ],
      assumed: [
        {
          finding: 'push-to-repository',
          at: addressOf('repository', name),
          path: 'R8',
          queues: [on, addressOf('queue', 'x')],
          facts: '0123456789ab',
        },
        {
          finding: 'full-access',
          at: addressOf('pipeline', name),
          path: 'R4',
          queues: [on],
          facts: '0123456789ab',
          accepted: { reason: name, until: '2027-03-01', at: span(name, 70) },
        },
      ],
      expected: [
        {
          who,
          can: false,
          verb: 'run',
          on,
          holds: false,
          why: name,
          path: path(name, 'open'),
          at: span(name),
        },
        {
          who,
          can: true,
          verb: 'watch',
          on: addressOf('pipeline', name),
          holds: true,
          why: name,
          at: span(name),
        },
      ],
      rules: [
        {
          path: 'R4',
          finding: 'full-access',
          title: name,
          decidedFrom: [name],
          verdicts: ['open', 'closed'],
          replayable: true,
          enforcedAt: [name],
        },
        {
          path: 'R25',
          finding: 'identity-provider',
          title: name,
          decidedFrom: [],
          verdicts: ['assumed'],
          replayable: false,
          enforcedAt: [],
        },
      ],
      suggestions: `accept:\n  - { at: ${JSON.stringify(name).replaceAll('\u2028', '')} }\n`,
      findings: [...accessFindings(name), ...findings(name)],
    },
    {
      result: 'access-check',
      basis: { on: 'files' },
      queues: [],
      assumed: [],
      expected: [],
      findings: [],
    },
    { result: 'access-check', queues: [], assumed: [], expected: [], findings: findings(name) },
    {
      result: 'access-who',
      basis: basis('snapshot'),
      on,
      verdict: 'open',
      reachers: [
        ...reachersOf(name),
        { who, allowed: true, by: `team:${name}`, shortest: path(name, 'open') },
      ],
      observed: [
        {
          who,
          pipeline: addressOf('pipeline', name),
          jobs: 12,
          last: '2026-11-02T02:10:03.000Z',
          allowedToday: false,
          pipelineThere: false,
        },
      ],
      findings: accessFindings(name),
    },
    {
      result: 'access-what',
      basis: basis('plan'),
      who,
      reaches: [
        { on, can: 'run', path: path(name, 'open') },
        { on: addressOf('pipeline', name), can: 'edit', path: path(name, 'assumed') },
        { on: addressOf('portal', name), can: name, path: { ...path(name, 'open'), numbers: [] } },
      ],
      findings: findings(name),
    },
    {
      result: 'access-why',
      basis: { on: 'files' },
      who,
      on,
      paths: [path(name, 'open'), path(name, 'accepted')],
      rest: 1204,
      roundabout: [],
      cut: {
        exact: false,
        cuts: [{ says: name, at: span(name), before: name, after: name }, { says: name }],
        diff: `--- a/bridle.yaml\n+++ b/bridle.yaml\n@@ -9,1 +9,1 @@\n-  ${JSON.stringify(name)}\n+  x: 1\n`,
      },
      findings: [],
    },
    {
      result: 'access-why',
      basis: { on: 'files' },
      who,
      on,
      paths: [path(name, 'open')],
      rest: 0,
      roundabout: [],
      cut: { exact: true, cuts: [{ says: name, at: span(name), before: name, after: name }] },
      findings: [],
    },
    {
      result: 'snapshot',
      basis: basis('organization'),
      organization: name,
      holds: { teams: 8, [name]: 1 },
      spent,
      findings: findings(name),
    },
    {
      result: 'contain',
      queue: on,
      did: 'paused',
      verdict: 'open',
      note: `bridle: ${name}`,
      stillRunning: [name, name],
      findings: accessFindings(name),
      basis: basis('organization'),
    },
  ]
}

const budget = { points: 1204, graphqlRequests: 8, restRequests: 1 }
const spent = { ...budget, waitedSeconds: 3 }

const plan = (name: string): Plan => ({
  format: 'bridle.plan/1',
  organization: 'acme',
  madeFrom: { wanted: 'a', live: 'b' },
  changes: [
    {
      address: addressOf('queue', name, name),
      verb: 'create',
      fields: [
        { field: 'description', after: name },
        { field: name, after: { [name]: [name, 1, true, null] } },
        { field: 'steps', after: `steps:\n  - command: ${name}\n` },
      ],
      risk: access(`${name} can run`),
    },
    {
      address: addressOf('pipeline', name),
      verb: 'update',
      was: addressOf('pipeline', `old-${name}`),
      fields: [
        { field: 'description', before: name, after: null },
        { field: 'branch', after: name },
        { field: 'steps', before: `a\nb\n${name}\n`, after: `a\n${name}\nc\n` },
      ],
      risk: outage(name),
    },
    {
      address: addressOf('team', name),
      verb: 'remove',
      fields: [{ field: 'name', before: name, after: null }],
      risk: loss(name),
    },
    {
      address: addressOf('team', 'quiet'),
      verb: 'update',
      fields: [{ field: 'name', before: 'a', after: 'b' }],
      risk: safe,
    },
  ],
  steps: [
    {
      id: `queue:${name}#0`,
      address: addressOf('queue', name),
      title: `create queue ${name}`,
      call: { via: 'rest', method: 'POST', path: ['clusters'], body: { name }, repeatable: false },
      after: [],
    },
    {
      id: `team:${name}#0`,
      address: addressOf('team', name),
      title: `remove team ${name}`,
      call: { via: 'graphql', operation: 'TeamDelete', input: { name }, repeatable: true },
      after: [`queue:${name}#0`],
    },
  ],
  undeclared: [
    { address: addressOf('team', name), ignored: false },
    { address: addressOf('pipeline', name), ignored: true },
  ],
  budget: { reading: budget, applying: budget },
})

const triedJob = (name: string, decision: 'accept' | 'refuse'): TriedJob => ({
  at: name,
  decision,
  rule: name,
  saw: name,
  pipeline: name,
  build: name,
  further: [name],
  tells: [name],
  allowing: [name],
})

const triedAlike = (name: string, decision: 'accept' | 'refuse'): TriedAlike => ({
  pipeline: name,
  decision,
  rule: name,
  jobs: 2,
  example: triedJob(name, decision),
})

/** The same of answers about gates. */
const gateResultsWith = (name: string): Result[] => {
  const tried: GateTried = {
    result: 'hook-test',
    queue: addressOf('queue', name, name),
    policy: { from: name, mode: 'warn', serial: 7, pipelines: 2 },
    taken: ['organization', addressOf('pipeline', name)],
    jobs: 3,
    refused: 2,
    findings: findings(name),
  }
  return [
    { ...tried, job: triedJob(name, 'refuse') },
    { ...tried, alike: [triedAlike(name, 'refuse'), triedAlike(name, 'accept')] },
    {
      ...tried,
      alike: [],
      against: {
        from: name,
        newlyRefused: [triedAlike(name, 'refuse')],
        newlyLetIn: [triedAlike(name, 'accept')],
      },
    },
    {
      result: 'hook-canary',
      queue: addressOf('queue', name, name),
      pipeline: name,
      serial: 7,
      builds: [
        { url: name, job: name, state: name, agent: name, became: 'refused', rule: name, serial: 7 },
        { url: '', state: name, became: 'unclear', why: name },
      ],
      recorded: false,
      withdrawn: true,
      findings: findings(name),
    },
    {
      result: 'hook-report',
      lines: 9,
      unreadable: 1,
      letIn: 2,
      refused: 3,
      alike: [
        {
          queue: name,
          pipeline: name,
          rule: name,
          did: 'refused',
          times: 3,
          agents: 2,
          saw: [name, name],
          sawMore: 1,
          first: name,
          last: `${name}2`,
        },
      ],
      untold: 1,
      suggestion: [name],
      left: [{ pipeline: name, key: name, value: name, why: 'it is too long' }],
      findings: findings(name),
    },
  ]
}

/** One of each kind of result, with the name in every place where a name from outside can stand. */
export const resultsWith = (name: string): Result[] => [
  {
    result: 'validation',
    findings: findings(name),
    files: 2,
    declared: { teams: 8, queues: 1, pipelines: 0 },
    elsewhere: [
      {
        from: addressOf('grant', name),
        field: name,
        by: name,
        address: addressOf('team', name),
        where: { file: name, line: 1, column: 2, length: 1, text: name },
        nearest: name,
      },
    ],
  },
  { result: 'plan', findings: findings(name), plan: plan(name), spent },
  { result: 'plan', findings: findings(name), plan: { ...plan(name), access: delta(name) } },
  { result: 'plan', findings: findings(name) },
  {
    result: 'apply',
    findings: findings(name),
    plan: plan(name),
    outcomes: [
      { step: `queue:${name}#0`, state: 'failed', why: name, requestId: name },
      { step: `team:${name}#0`, state: 'skipped', why: `queue:${name}#0` },
    ],
    interrupted: false,
    spent,
  },
  { result: 'drift', findings: findings(name), plan: plan(name), spent },
  {
    result: 'drift',
    findings: [],
    created: [
      { address: addressOf('pipeline', name), at: '2026-11-02T02:10:03.000Z', by: `user:${name}` },
      { address: addressOf('grant', name, name), at: name },
    ],
  },
  { result: 'drift', findings: [], created: [] },
  {
    result: 'drift',
    at: '2026-11-02T03:00:00.000Z',
    organization: 'acme',
    findings: findings(name).map((one) => ({
      ...one,
      firstSeen: '2026-11-01T03:00:00.000Z',
      standing: 'still' as const,
    })),
    plan: plan(name),
    since: {
      at: '2026-11-01T03:00:00.000Z',
      whole: true,
      gone: [
        {
          is: 'difference',
          about: `team:${name}`,
          what: `update ${name}`,
          firstSeen: '2026-11-01T03:00:00.000Z',
        },
        { is: 'finding', about: 'unknown-key', what: name, firstSeen: '2026-11-01T03:00:00.000Z' },
      ],
    },
    changedBy: [
      { address: `team:${name}`, at: '2026-11-01T03:00:00.000Z', by: name, way: 'API', agent: name },
    ],
  },
  {
    result: 'drift',
    findings: findings(name),
    stacks: [
      {
        name,
        queue: addressOf('queue', name, name),
        privileged: true,
        compared: 3,
        fields: [{ field: name, before: name, after: name }],
        untold: [name, name],
      },
      { queue: 'queue:ios/m2', privileged: false, compared: 1, fields: [], untold: [] },
    ],
  },
  {
    result: 'doctor',
    findings: findings(name),
    checks: [
      { name: 'token', state: 'works', what: name },
      { name, state: 'missing', what: name, fix: name },
    ],
  },
  {
    result: 'import',
    findings: findings(name),
    files: { 'bridle.yaml': name, [name]: name },
    imported: { teams: 2, pipelines: 1 },
    archived: 1,
  },
  ...gateResultsWith(name),
  ...accessResultsWith(name),
]
