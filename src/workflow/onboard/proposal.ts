import { deltaOf } from '../../access/delta.js'
import { difference } from '../../config/difference.js'
import { edited, type Edit } from '../../config/edit.js'
import { declarationBytes } from '../../config/files.js'
import type { Finding } from '../../model/finding.js'
import type { Json } from '../../model/json.js'
import type { Proposal, ProposedFile, VerdictChange } from '../../model/onboarding.js'
import type { AccessChecked, Planned } from '../../model/result.js'
import type { Wanted } from '../../model/wanted.js'
import { wantedFacts } from '../../plan/facts.js'
import { check } from '../access.js'
import { declare, standInTheWay } from '../declare.js'
import { filesOver } from '../import.js'
import { groundsOn, rolesWanted } from '../ground.js'
import { keeps, leftFacts, readLock } from '../lock.js'
import { openings } from '../look.js'
import { plan } from '../plan.js'
import type { Declared, World } from '../world.js'
import type { Draft, Session } from './session.js'

/** Files as they would be, and what that does to who reaches what. Nothing is written. */
export const proposalOf = (session: Session, draft: Draft): Proposal => {
  const { declared } = session
  const files = leanest(session, draft)
  const diff = files.map(({ path, before = '', after }) => difference(path, before, after)).join('')
  const after = declare(withFiles(declared, files))
  const named = {
    title: `${draft.kind} ${draft.key}`,
    slug: `${draft.kind}-${draft.key.replaceAll('/', '-')}`,
  }
  if (after.wanted === undefined || standInTheWay(after.findings))
    return {
      ...named,
      files,
      diff,
      adds: [],
      delta: { gains: [], losses: [], opens: [], widens: false },
      verdicts: [],
      findings: after.findings,
      isRefused: true,
      notes: [],
    }
  const known = new Set(session.wanted.wants.map(({ address }) => address))
  const adds = after.wanted.wants.map(({ address }) => address).filter((address) => !known.has(address))
  return { ...named, files, diff, adds, ...judged(session, after.wanted, after.findings), notes: draft.notes }
}

/** What the organization would become by it: the plan of the files as they would be, held against what is there. */
export const inOrganization = (world: World, { files }: Pick<Proposal, 'files'>): Promise<Planned> =>
  plan({ ...world, ...withFiles(world, files) }, { maxRemoved: Number.POSITIVE_INFINITY })

/** What the change does, by the files alone: as they are, and as they would be. */
const judged = (
  { declared, wanted, now }: Session,
  after: Wanted,
  found: readonly Finding[],
): Pick<Proposal, 'delta' | 'verdicts' | 'findings' | 'isRefused'> => {
  const before = declare(declared)
  const is = groundsOfFiles(declared, wanted, wanted, now, before.findings)
  const willBe = groundsOfFiles(declared, after, wanted, now, found)
  const delta = deltaOf({
    before: is.access,
    after: willBe.access,
    judging: { before: is.judging, after: willBe.judging },
  })
  const [was, wouldBe] = [is, willBe].map((grounds) => check(grounds, { suggest: false, now })) as [
    AccessChecked,
    AccessChecked,
  ]
  const known = new Set(was.findings.map(tellingOf))
  const fresh = wouldBe.findings.filter((finding) => !known.has(tellingOf(finding)))
  const opened = openings(delta, willBe, 'this')
  const broken = fresh.filter(({ code }) => code === 'expectation-failed')
  return {
    delta,
    verdicts: verdictsOf(was, wouldBe),
    // Whoever opens something mends that first; what else there would be to say is about what won't be.
    findings: opened.length > 0 ? [...opened, ...broken] : fresh,
    isRefused: opened.length > 0 || broken.length > 0,
  }
}

const tellingOf = ({ code, what }: Finding) => `${code}\n${what}`

/** @param kept  what the lock is held against: what is new gets into it by the apply that makes it */
const groundsOfFiles = (
  declared: Declared,
  wanted: Wanted,
  kept: Wanted,
  now: string,
  findings: readonly Finding[],
) => {
  const lock = readLock(declared.files, wanted)
  const usable = lock === undefined || 'code' in lock ? undefined : lock
  return groundsOn(
    wanted,
    {
      facts: [...wantedFacts(wanted), ...leftFacts(wanted, usable)],
      basis: { on: 'files' },
      locked: keeps(usable, kept),
      ...rolesWanted(wanted),
    },
    now,
    findings,
  )
}

const verdictsOf = (before: AccessChecked, after: AccessChecked): VerdictChange[] => {
  const all = ({ queues, roles = [] }: AccessChecked) => [
    ...queues.map(({ queue: on, verdict }) => ({ on, verdict })),
    ...roles.map(({ role: on, verdict }) => ({ on, verdict })),
  ]
  const was = new Map(all(before).map(({ on, verdict }) => [on, verdict]))
  return all(after).map(({ on, verdict }) => {
    const earlier = was.get(on)
    return { on, after: verdict, ...(earlier !== undefined && { before: earlier }) }
  })
}

/** The same files, with some of them as they would be. */
const withFiles = ({ files, root, today }: Declared, changed: readonly ProposedFile[]): Declared => ({
  root,
  today,
  files: filesOver(files, new Map(changed.map(({ path, after }) => [path, after]))),
})

/** A file's text, byte order mark and all; nothing where there is none. */
const textIn = ({ files }: Declared, path: string): string | undefined => {
  const answer = files.read(path, declarationBytes)
  return 'no' in answer ? undefined : new TextDecoder('utf-8', { ignoreBOM: true }).decode(answer.bytes)
}

const filesOf = ({ declared }: Session, edits: Draft['edits']): readonly ProposedFile[] => {
  const byFile = new Map<string, Edit[]>()
  for (const { file, edit } of edits) byFile.set(file, [...(byFile.get(file) ?? []), edit])
  return [...byFile].map(([path, own]) => {
    const before = textIn(declared, path)
    const after = edited(before ?? '', own)
    return { path, ...(before !== undefined && { before }), after }
  })
}

/** Without what defaults say already: a person would not repeat it. */
const leanest = (session: Session, draft: Draft): readonly ProposedFile[] => {
  const whole = filesOf(session, draft.edits)
  const [first] = draft.edits
  if (first?.edit.act !== 'set') return whole
  const { edit, file } = first
  const said = saidBy(session, whole)
  let kept = draft.edits
  for (const key of ['cluster', 'teams']) {
    const value = kept[0]?.edit.act === 'set' ? kept[0].edit.value : null
    if (typeof value !== 'object' || value === null || !(key in value)) continue
    const lean = Object.fromEntries(Object.entries(value).filter(([name]) => name !== key)) as Json
    const others = [{ file, edit: { ...edit, value: lean } }, ...kept.slice(1)]
    if (saidBy(session, filesOf(session, others)) === said) kept = others
  }
  return filesOf(session, kept)
}

/** What files come to, wherever it is written. */
const saidBy = ({ declared }: Session, files: readonly ProposedFile[]): string =>
  JSON.stringify(declare(withFiles(declared, files)).wants.map(({ address, spec }) => [address, spec]))
