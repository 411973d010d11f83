import { truth } from './true.js'

const inside: ReadonlySet<string> = new Set(['member', 'invitee', 'newcomer'])

truth(
  'what is said of pushers, strangers, holders of secrets and running code is true',
  ({ kind }) => !inside.has(kind),
)
