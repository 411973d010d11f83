import { expect } from 'vitest'
import { shareOfOpen, truth } from './true.js'

const inside: ReadonlySet<string> = new Set(['member', 'invitee', 'newcomer'])

truth(
  'what is said of members, and of those who will be, is true',
  ({ kind }) => inside.has(kind),
  () => {
    expect(
      shareOfOpen(),
      'of all that members could reach, a quarter to three quarters is open',
    ).toBeGreaterThan(0.25)
    expect(shareOfOpen()).toBeLessThan(0.75)
  },
)
