import type { Answer } from './answer.js'
import { choices, isAnything, onlyOf } from './choices.js'
import { literal, onlyText, type Pattern } from './pattern.js'
import { notEmpty, resourceKey, type Rule, type Test } from './rule.js'
import type { Resolve } from './template.js'
import { anyText, isOne, type Context, type Value } from './value.js'

/** The values that a key may have; null: it has none; open: any, and nothing is certain that rests on it. */
export type Has = readonly string[] | null | 'open'

/** A key that is tested, and what it may have: enough to tell apart what its tests tell apart. */
export interface Subject {
  readonly key: string
  readonly value: Value
  readonly candidates: readonly Has[]
  /** The tests of which the candidates say all, whatever else the key may have. */
  readonly sure: ReadonlySet<Test>
}

/** What was picked for each key, of those that are not unknown. */
export type World = ReadonlyMap<string, Has>

/** More combinations than this are not tried. */
const most = 2_000

/** What the tests of some rules may have before them, key by key. */
export const subjectsOf = (
  rules: readonly Rule[],
  resource: Value,
  context: Context,
): ReadonlyMap<string, Subject> => {
  const tests = [...new Set(rules.flatMap((rule) => rule.tests))]
  const variables = new Set(tests.flatMap((test) => test.variables))
  // In an order of their own: which key is looked at first must not depend on which statement is.
  const keys = [...new Set([...tests.map(({ key }) => key), ...variables])].sort()
  const subjects = new Map<string, Subject>()
  const begun = new Set<string>()

  const subjectOf = (key: string): Subject => {
    const before = subjects.get(key)
    if (before !== undefined) return before
    const value = key === resourceKey ? resource : context(key)
    // Two keys that are each compared with the other: what one may have to be can't be listed.
    if (begun.has(key)) return { key, value, candidates: ['open'], sure: new Set() }
    begun.add(key)
    const subject = { key, value, ...candidatesFor(key, value) }
    subjects.set(key, subject)
    return subject
  }

  const candidatesFor = (key: string, value: Value): Pick<Subject, 'candidates' | 'sure'> => {
    const under = tests.filter((test) => test.key === key)
    if (value.is === 'absent') return { candidates: [null], sure: new Set(under) }
    if (value.is === 'known')
      return { candidates: [value.values.length === 0 ? null : value.values], sure: new Set(under) }
    const { patterns, samples, whole } = toldApart(key, under)
    const from = value.from ?? [anyText]
    const texts = new Set<string>()
    // Around a number everything is tried only where everything may be; and what is tried need not meet a pattern.
    const free = from.every((one) => isAnything(one) || onlyOf(one) !== undefined)
    const open = !whole || (samples.length > 0 && (!free || patterns.length > 0))
    let all = true
    for (const one of from) {
      // Nobody draws one text that is named whole, so it is neither looked for nor taken.
      const told =
        one.drawn === true ? patterns.filter((pattern) => onlyText(pattern) === undefined) : patterns
      const made = choices(one, told)
      if (!made.whole) all = false
      for (const text of [...made.texts, ...samples.filter((text) => isOne(one, text))])
        if (one.drawn !== true || !patterns.some((pattern) => onlyText(pattern) === text)) texts.add(text)
    }
    // Where values are put into what other keys are compared with, each counts by itself.
    const each = variables.has(key) || under.some((test) => test.variables.length > 0)
    const kept = each
      ? [...texts].map((text) => [text])
      : differing(
          [...texts].map((text) => [text]),
          under,
        )
    const sets = value.many === true ? setsOf(kept.flat(), under.length) : kept
    if (value.many === true && sets.length >= most) all = false
    const options = [...(value.always === true ? [] : [null]), ...sets]
    const kinds = each ? options : differing(options, under)
    return {
      candidates: [...kinds, ...(open || !all ? (['open'] as const) : [])],
      sure: new Set(
        under.filter(
          ({ variables: named, samples: tried }) => all && named.length === 0 && (free || tried.length === 0),
        ),
      ),
    }
  }

  const toldApart = (key: string, under: readonly Test[]) => {
    let whole = true
    const patterns: Pattern[] = []
    const samples = new Set(under.flatMap((test) => test.samples))
    const fits = new Map<string, Pattern>()
    for (const test of under) {
      const worlds =
        test.variables.length === 0 ? { all: [() => null], whole: true } : valuesFor(test.variables)
      if (!worlds.whole) whole = false
      for (const resolve of worlds.all) patterns.push(...test.patterns(resolve))
    }
    for (const test of tests)
      if (test.variables.includes(key)) {
        // There are other ways to make that test hold than those that are found here.
        whole = false
        for (const text of textsOf(test.key))
          for (const fit of test.fits(key, text)) fits.set(fit, literal(fit))
      }
    // What fits is told apart from what does not, and something from nothing.
    const more = variables.has(key) ? [notEmpty, ...fits.values()] : []
    return { patterns: [...patterns, ...more], samples: [...samples], whole }
  }

  /** Texts that a key can be told to have, one of each sort, without asking what others have. */
  const textsOf = (key: string): readonly string[] => {
    const value = key === resourceKey ? resource : context(key)
    if (value.is === 'absent') return []
    return value.is === 'known'
      ? value.values
      : (value.from ?? []).flatMap((one) => (one.drawn === true ? [] : choices(one, []).texts.slice(0, 1)))
  }

  /** Every combination of what variables may stand for. */
  const valuesFor = (names: readonly string[]): { all: readonly Resolve[]; whole: boolean } => {
    let whole = true
    let worlds: ReadonlyMap<string, string | null>[] = [new Map()]
    for (const name of new Set(names)) {
      const candidates = subjectOf(name).candidates
      const single = candidates.filter((has) => has === null || (has !== 'open' && has.length === 1))
      if (single.length < candidates.length) whole = false
      worlds = worlds.flatMap((world) =>
        single.map(
          (has) => new Map([...world, [name, typeof has === 'string' ? null : (has?.[0] ?? null)] as const]),
        ),
      )
      if (worlds.length > most) return { all: [], whole: false }
    }
    return { all: worlds.map((world) => (variable) => world.get(variable)), whole }
  }

  for (const key of keys) subjectOf(key)
  return subjects
}

/** One of each kind that the tests tell apart, the first; those first that pass most, since they are looked for. */
const differing = <One extends readonly string[] | null>(
  all: readonly One[],
  under: readonly Test[],
): readonly One[] => {
  const found = new Map<string, { readonly one: One; readonly failed: number }>()
  for (const one of all) {
    const answers = under.map((test) => test.ask(one, () => null))
    const key = answers.join()
    if (!found.has(key)) found.set(key, { one, failed: answers.filter((answer) => answer === 'no').length })
  }
  return [...found.values()].toSorted((a, b) => a.failed - b.failed).map(({ one }) => one)
}

/** Sets of texts that suffice for so many questions: each needs one text at most that decides it. */
const setsOf = (texts: readonly string[], questions: number): readonly (readonly string[])[] => {
  let sets: (readonly number[])[] = texts.map((_, at) => [at])
  const all = [...sets]
  for (let size = 2; size <= questions && all.length < most; size++) {
    sets = sets.flatMap((set) =>
      texts.slice((set.at(-1) ?? 0) + 1).map((_, more) => [...set, (set.at(-1) ?? 0) + 1 + more]),
    )
    all.push(...sets)
  }
  return all.slice(0, most).map((set) => set.map((at) => texts[at] ?? ''))
}

/** Every combination of what may be picked; undefined at the end where there are too many. */
export function* worldsOf(
  subjects: ReadonlyMap<string, Subject>,
  limit = 20_000,
): Generator<World | undefined> {
  const picked = [...subjects.values()].filter(({ value }) => value.is !== 'unknown')
  const at = picked.map(() => 0)
  const tagKeys = subjects.get('aws:tagkeys')
  for (let count = 0; count < limit; count++) {
    const world = new Map(
      picked.map(({ key, candidates }, index): readonly [string, Has] => {
        const has = candidates[at[index] ?? 0]
        return [key, has === undefined ? 'open' : has]
      }),
    )
    if (tagKeys?.value.is === 'chosen') {
      // A tag that is asked for is among the keys of those asked for.
      const keys = world.get('aws:tagkeys')
      const tags = picked.flatMap(({ key, value }) =>
        value.is === 'chosen' && value.tag !== undefined && world.get(key) !== null ? [value.tag] : [],
      )
      if (tags.length > 0 && keys !== 'open')
        world.set('aws:tagkeys', [...new Set([...(keys ?? []), ...tags])])
    }
    yield world
    let index = 0
    while (index < picked.length) {
      const next = (at[index] ?? 0) + 1
      if (next < (picked[index]?.candidates.length ?? 0)) {
        at[index] = next
        break
      }
      at[index++] = 0
    }
    if (index === picked.length) return
  }
  yield undefined
}

/** What variables stand for, in a world: undefined is that nobody knows. */
export const valuesIn =
  (subjects: ReadonlyMap<string, Subject>, world: World): Resolve =>
  (variable) => {
    const subject = subjects.get(variable)
    const only = subject?.candidates.length === 1 ? subject.candidates[0] : undefined
    const has = world.has(variable) ? world.get(variable) : only
    return has === null ? null : has === undefined || has === 'open' || has.length !== 1 ? undefined : has[0]
  }

/** What a test says of all that its key may have. */
const ofAll = (test: Test, { candidates, sure }: Subject, resolve: Resolve): Answer => {
  const answers = new Set<Answer>()
  for (const has of candidates)
    if (has !== 'open') answers.add(test.ask(has, resolve))
    else if (!sure.has(test)) answers.add('depends')
  const [first = 'depends', ...others] = answers
  return others.length === 0 ? first : 'depends'
}

/** What a test says in a world. Of an unknown key it is certain of what holds whatever the key has. */
export const answerTo = (test: Test, subjects: ReadonlyMap<string, Subject>, world: World): Answer => {
  const subject = subjects.get(test.key)
  if (subject === undefined) return 'depends'
  const resolve = valuesIn(subjects, world)
  const has = subject.value.is === 'unknown' ? 'open' : world.get(test.key)
  return has === undefined || has === 'open' ? ofAll(test, subject, resolve) : test.ask(has, resolve)
}

/** Whether what is fixed of a key rules a test out, without a look at the others. */
export const isHopeless = (test: Test, resource: Value, context: Context): boolean => {
  if (test.variables.length > 0) return false
  const value = test.key === resourceKey ? resource : context(test.key)
  const none = () => test.ask(null, () => null) === 'no'
  if (value.is === 'absent') return none()
  if (value.is === 'known')
    return value.values.length === 0 ? none() : test.ask(value.values, () => null) === 'no'
  if (value.from === undefined || value.many === true) return false
  return (
    (value.always === true || none()) &&
    value.from.every((texts) => {
      const only = onlyOf(texts)
      return only !== undefined && test.ask([only], () => null) === 'no'
    })
  )
}

/** Whether a test may hold for something that its key may have. */
export const canHold = (test: Test, subjects: ReadonlyMap<string, Subject>): boolean => {
  const subject = subjects.get(test.key)
  if (subject === undefined) return true
  if (test.variables.some((name) => subjects.get(name)?.candidates.length !== 1)) return true
  const resolve = valuesIn(subjects, new Map())
  return subject.candidates.some((has) =>
    has === 'open' ? !subject.sure.has(test) : test.ask(has, resolve) !== 'no',
  )
}
