import { fields, type SandboxKind } from '../kind.js'
import { pageOf } from '../order.js'
import type { PageArguments } from '../pages.js'
import type { Team } from '../rows.js'
import { there } from '../write.js'

const none = () => ({ teamSuite: there<object>(undefined, 'Suite') })

/** Test suites have an API of their own, so here there never is one; a team can still be asked for its own. */
export const suite: SandboxKind = {
  types: {
    Team: fields<Team>({ suites: (_team, args: PageArguments, context) => pageOf(context, [], args) }),
  },
  mutations: { teamSuiteCreate: none, teamSuiteUpdate: none, teamSuiteDelete: none },
}
