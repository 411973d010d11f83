// Prints, as markdown, what bridle costs as an organization grows and how long it takes to begin. It asserts nothing:
// a busy machine is no bug. `npm run bench -- 10 100` measures those sizes only, `-- 0` the start alone.
import { cpus, totalmem } from 'node:os'
import { accessOf } from './bench/access.js'
import { gateRows } from './bench/gate.js'
import { growthOf } from './bench/growth.js'
import { rolesOf } from './bench/roles.js'
import { startUps } from './bench/start-up.js'

const asked = process.argv.slice(2).map(Number)
const sizes = asked.length > 0 ? asked.filter((size) => size > 0) : [10, 100, 1_000, 5_000]

const say = (line: string) => process.stdout.write(`${line}\n`)
const table = (...columns: readonly string[]) => {
  say(`| ${columns.join(' | ')} |`)
  say(`| ${columns.map((_, at) => (at === 0 ? '---' : '---:')).join(' | ')} |`)
}
const whole = (value: number) =>
  Math.round(value)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ' ')

const [cpu] = cpus()
say(
  `${cpu?.model.trim() ?? 'unknown processor'}, ${cpus().length} cores, ${whole(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}\n`,
)

say('## To begin\n')
table('what', 'median ms', 'times `node -e 0`', 'at most')
for (const { name, medianMs, multiple, most } of await startUps())
  say(`| \`${name}\` | ${medianMs.toFixed(0)} | ${multiple.toFixed(2)} | ${most?.toFixed(1) ?? ''} |`)

const gate = await gateRows()
if (gate) {
  say('\n## At the gate\n')
  say(
    'On a host in a folder, as the agent’s user; SSM is the sandbox, behind a socket of this machine. Taken in turns.\n',
  )
  table('what', 'median ms', 'times the gate')
  const [first] = gate.rows
  for (const { name, medianMs } of gate.rows)
    say(`| ${name} | ${medianMs.toFixed(0)} | ${(medianMs / (first?.medianMs ?? NaN)).toFixed(1)} |`)
  say('')
  table('to begin', 'median ms')
  for (const { name, medianMs } of gate.startUps) say(`| \`${name}\` | ${medianMs.toFixed(1)} |`)
}

if (sizes.length > 0) {
  say('\n## As it grows\n')
  say('Against the sandbox in the same process, which is in the time and in the memory.\n')
  table(
    'pipelines',
    'what',
    'changes',
    'seconds',
    'ms per pipeline',
    'GraphQL requests',
    'REST requests',
    'points',
    'peak MB',
    'minutes, with limits',
  )
  await growthOf(sizes, (row) =>
    say(
      `| ${[
        whole(row.pipelines),
        row.name,
        whole(row.changes),
        row.seconds.toFixed(2),
        ((row.seconds * 1_000) / row.pipelines).toFixed(2),
        whole(row.graphqlRequests),
        whole(row.restRequests),
        whole(row.points),
        whole(row.peakMegabytes),
        row.limits === 'on' ? row.virtualMinutes.toFixed(1) : '',
      ].join(' | ')} |`,
    ),
  )

  say('\n## Who can get code onto which agents\n')
  say('On a snapshot: no network. A third of the clusters is privileged.\n')
  table('pipelines', 'grants', 'privileged queues', 'what', 'seconds', 'peak MB')
  await accessOf(sizes, ({ pipelines, grants, queues, name, seconds, peakMegabytes }) =>
    say(
      `| ${[
        whole(pipelines),
        whole(grants),
        whole(queues),
        name,
        seconds.toFixed(3),
        whole(peakMegabytes),
      ].join(' | ')} |`,
    ),
  )

  say('\n## Roles in three accounts\n')
  say('Beside so many pipelines, in the sandbox; the last two once everything has been read.\n')
  table('roles', 'pipelines', 'what', 'found', 'seconds', 'IAM requests, of one account', 'peak MB')
  await rolesOf(
    sizes.map((pipelines) => ({ roles: Math.max(10, Math.round(pipelines / 5)), pipelines })),
    ({ roles, pipelines, name, found, seconds, iamRequests, peakMegabytes }) =>
      say(
        `| ${[
          whole(roles),
          whole(pipelines),
          name,
          whole(found),
          seconds.toFixed(2),
          whole(iamRequests),
          whole(peakMegabytes),
        ].join(' | ')} |`,
      ),
  )
}
