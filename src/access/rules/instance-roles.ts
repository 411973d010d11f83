import { edgesOf } from '../edge.js'
import { can } from '../node.js'
import { defineRule } from '../rule.js'
import { organization } from './out-of-sight.js'

const { edge, assumed } = edgesOf('R56', 'instance-roles')

/** Having the role of some machine, whichever that is. */
const someRole = can.by('R56', organization)

/**
 * Every job on a machine can ask for the credentials of the machine’s role, and so can whatever else got there. Which
 * role that is, no API of Buildkite’s says: a file does, or it may be any that machines can have.
 *
 * @source AWS enforcement §2, §11
 */
export const instanceRoles = defineRule({
  path: 'R56',
  code: 'instance-roles',
  title: 'the role of a queue’s machines',
  decidedFrom: ['instance_role', 'InstanceProfile.Roles', 'Role.AssumeRolePolicyDocument'],
  verdicts: ['open', 'assumed', 'closed'],
  replayable: true,
  enforcedAt: ['host', 'iam'],
  leadsTo: 'roles',
  told: (_, at, names) => {
    if (!/^(queue|cluster):/.test(at)) return undefined
    const isOne = at.startsWith('queue:')
    return {
      what: `no file says which role the machines of ${names} have, so it may be any that machines can have`,
      fix: `write \`instance_role: ACCOUNT/NAME\` at ${isOne ? 'the queue' : 'each queue'}, or \`instance_role: none\`; or accept it for ${isOne ? 'the queue, saying which it is' : `${at}, saying which they are`}`,
    }
  },
  *edges(facts) {
    for (const carries of facts.of('carries'))
      yield edge({
        from: can.run(carries.of),
        to: can.assume(carries.on),
        says: 'has it on every machine of the queue',
        facts: [carries],
        at: carries.of,
      })
    for (const unknown of facts.of('may-carry'))
      yield assumed({
        from: can.run(unknown.of),
        to: someRole,
        says: `has the role of the machines of ${unknown.of}, whichever that is`,
        facts: [unknown],
        at: unknown.of,
      })
    for (const role of facts.of('for-machines'))
      yield edge({
        from: someRole,
        to: can.assume(role.on),
        says: 'which may be this one',
        facts: [role],
        at: role.on,
      })
  },
})
