import type { Fact, Power } from '../model/grant.js'
import type { Cut } from '../model/verdict.js'
import type { Grounds } from './ground.js'

/** What an edit of the files, or of the organization, can take away; and how to say that. */
const edits: Partial<Record<Power, (fact: Fact) => string>> = {
  'in-team': ({ of, on }) => `take ${of} out of ${on}`,
  'maintains-team': ({ of, on }) => `make ${of} a member of ${on}, and no maintainer`,
  'creates-pipelines': ({ of }) => `write members_can_create_pipelines: false at ${of}`,
  builds: ({ of, on }) => `give ${of} read_only on ${on}`,
  edits: ({ of, on }) => `give ${of} read_only on ${on}`,
  created: ({ of, on }) => `have ${on} made anew by somebody who is allowed, instead of ${of}`,
  'runs-in': ({ of, on }) => `move ${of} out of ${on}`,
  rebuilds: ({ of }) => `write allow_rebuilds: false at ${of}`,
  'clones-from': ({ of }) => `take clone_mirror_url from ${of}`,
  'starts-on': ({ of, by = '' }) => `switch builds by ${by} off at ${of}`,
  'takes-webhooks': ({ of }) => `write trigger_mode: none at ${of}`,
  unblocks: ({ of, on }) => `take ${of} from the allowed_teams of ${on}`,
  'shows-to-all': ({ of }) => `write visibility: private at ${of}`,
  scheduled: ({ on, by = '' }) => `take the schedule "${by}" from ${on}`,
  triggers: ({ of, on }) => `take out the rule by which ${of} triggers ${on}`,
  'reads-artifacts': ({ of, on }) => `take out the rule by which ${of} reads artifacts of ${on}`,
  'maintains-cluster': ({ of, on }) => `take ${of} from the maintainers of ${on}`,
  'default-cluster': ({ of }) => `make another cluster than ${of} the default one`,
  'opens-terminals': () => 'switch terminals into hosted jobs off',
  'registers-agents': ({ of }) => `revoke ${of}`,
  administers: ({ of }) => `take the administrator’s role from ${of}`,
  'teams-off': () => 'switch teams on',
  unfinished: ({ by = '', on }) => `cancel ${by} of ${on}`,
}

/** Whether an edit could take a fact away. */
export const isEditable = ({ power }: Fact): boolean => power in edits

/** Facts as edits: what to do, and the line where the files have one. */
export const cutsOf = (
  facts: readonly Fact[],
  { declaredAt }: Grounds,
): { readonly cuts: readonly Cut[] } => ({
  cuts: facts.map((fact) => {
    const at = fact.at.from === 'file' ? fact.at.span : declaredAt(fact)
    return {
      says: edits[fact.power]?.(fact) ?? fact.power,
      ...(at === undefined ? {} : { at, before: at.text }),
    }
  }),
})
