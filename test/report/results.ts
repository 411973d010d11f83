import type { Result } from '../../src/model/result.js'
import { addressOf } from '../../src/model/address.js'
import { access, loss, outage, safe } from '../../src/model/risk.js'
import type { Finding } from '../../src/model/finding.js'
import type { Plan } from '../../src/model/plan.js'

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
  },
  { code: 'unknown-key', severity: 'warning', what: name, where: [], why: name, fix: name },
]

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

/** One of each kind of result, with the name in every place where a name from outside can stand. */
export const resultsWith = (name: string): Result[] => [
  {
    result: 'validation',
    findings: findings(name),
    files: 2,
    declared: { teams: 8, queues: 1, pipelines: 0 },
    elsewhere: [
      {
        address: addressOf('team', name),
        where: { file: name, line: 1, column: 2, length: 1, text: name },
        nearest: name,
      },
    ],
  },
  { result: 'plan', findings: findings(name), plan: plan(name), spent },
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
    result: 'doctor',
    findings: findings(name),
    checks: [
      { name: 'token', state: 'works', what: name },
      { name, state: 'missing', what: name, fix: name },
    ],
  },
]
