import * as z from 'zod'
import { writtenKinds as everyKind, type AnyKind } from '../kinds/index.js'
import { lenient, unwrapped } from './lenient.js'
import { asidesOf, branchOf, isPlural, outlineOf, type Branch } from './outline.js'

/**
 * The shape of every file, put together from the places of the kinds: what a file is checked against, and what editors
 * are told.
 *
 * One file is not the whole: any field may come from a default elsewhere, and `null` takes away what one gave. So
 * nothing is required here, and nearly everything may be null; a thing is checked against its kind when it is complete.
 */
export const fileSchema = (kinds: readonly AnyKind[]): z.ZodType => {
  const known = schemas.get(kinds)
  if (known) return known
  const schema = makeFileSchema(kinds)
  schemas.set(kinds, schema)
  return schema
}

const schemas = new WeakMap<readonly AnyKind[], z.ZodType>()

const makeFileSchema = (kinds: readonly AnyKind[]): z.ZodType => {
  const outline = outlineOf(kinds)
  const making: Making = { outline, made: new Map() }
  const plural = kinds.filter(isPlural)
  const byPlural = (some: readonly AnyKind[], value: (kind: AnyKind) => z.ZodType) =>
    z.strictObject(Object.fromEntries(some.map((kind) => [kind.plural, value(kind).optional()]))).optional()
  return z
    .strictObject({
      organization: organization.optional(),
      include: z
        .array(include(sectionsOf(kinds)))
        .optional()
        .meta({
          description: 'More files, and the sections that each may hold. Only the root file includes.',
        }),
      defaults: byPlural(plural.filter(hasFields), (kind) => defaultsFor(kind, making)).meta({
        description: 'By kind: what holds for all of them in this file, where nothing nearer is written.',
      }),
      manage: byPlural(plural, () => z.enum(['report', 'remove'])).meta({
        description:
          'By kind: what to do with those that no file declares. Not named here, they are only reported.',
      }),
      ignore: byPlural(plural, () => z.array(pattern)).meta({
        description:
          'By kind: patterns of those that belong to somebody else. They are shown and never touched.',
      }),
      ...mapValues(outline.named, (branch) => at(branch, making, false).optional()),
    })
    .meta({ title: 'bridle declaration' })
}

/** The JSON Schema of every file, draft 2020-12. */
export const jsonSchema = (kinds: readonly AnyKind[] = everyKind): object =>
  z.toJSONSchema(fileSchema(kinds), { io: 'input', unrepresentable: 'any' })

/** The sections that an include can grant, and the keys that it has to grant by themselves. */
export const sectionsOf = (kinds: readonly AnyKind[]): string[] => [
  ...new Set([
    'organization',
    'manage',
    'ignore',
    ...outlineOf(kinds).named.keys(),
    ...asidesOf(kinds).flatMap(({ grant }) => grant ?? []),
  ]),
]

/** Whether what is written of a kind is a map, so that it can have defaults. */
const hasFields = ({ written }: AnyKind): boolean => unwrapped(written as z.ZodType) instanceof z.ZodObject

/** Patterns with more wildcards than this can take hours to match. */
const runaway = /(?:\*[^/]*){4}|(?:\*.*){9}/s

export const pattern = z
  .string()
  .min(1)
  .max(200)
  .refine((glob) => !/[()\\]|^!/.test(glob) && !runaway.test(glob), {
    error:
      'a pattern is made of *, **, ?, [abc] and {a,b}, with at most three stars between slashes and eight in all',
  })

const organization = z
  .string()
  .max(100)
  .regex(/^[a-zA-Z0-9-]+$/, { error: 'an organization is named by its slug: letters, digits and hyphens' })
  .meta({ description: 'The slug of the organization. It stands in the root file.' })

const include = (sections: readonly string[]) =>
  z.strictObject(
    {
      files: pattern.meta({ description: 'A pattern of paths from the root file’s folder: "teams/*.yaml".' }),
      may: z.array(z.enum(sections)).meta({ description: 'The sections that these files may hold.' }),
    },
    {
      error: ({ code }) =>
        code === 'invalid_type'
          ? 'an include says which files, and what they may hold: { files: "teams/*.yaml", may: [teams] }'
          : undefined,
    },
  )

/** A schema in the making: one that is needed in several places is made once, and named. */
interface Making {
  readonly outline: Branch
  readonly made: Map<string, z.ZodType>
}

/** Whatever may stand at a branch. Where it can inherit something, a null can take that away. */
const at = (branch: Branch, making: Making, inherits: boolean): z.ZodType => {
  if (branch.aside) return branch.aside.written
  if (branch.kind) return thing(branch, branch.kind, making)
  if (branch.defaultsOf) return defaultsFor(branch.defaultsOf, making, branch.defaultsOf.defaultsFrom?.field)
  if (!branch.star)
    return z.strictObject(mapValues(branch.named, (next) => at(next, making, inherits).optional()))
  const value = at(branch.star, making, inherits)
  const listed = branch.star.kind?.listed
  if (listed === true) return z.array(value)
  if (listed !== undefined) {
    const list = inherits ? z.nullable(z.array(value)) : z.array(value)
    return z.strictObject(Object.fromEntries(listed.map((key) => [key, list.optional()])))
  }
  const mayBeNull = inherits || (branch.star.kind?.written as z.ZodType | undefined)?.safeParse(null).success
  return z.object({}).catchall(mayBeNull ? z.nullable(value) : value)
}

/** A thing, and what stands under it. */
const thing = (branch: Branch, kind: AnyKind, making: Making): z.ZodType =>
  extended(kind, kind.name, making, () => ({
    ...under(branch, making),
    ...(kind.renames === true && { was: was.optional() }),
  }))

/** What things of a kind may have in common: all but a name, and the field by which they find these defaults. */
const defaultsFor = (kind: AnyKind, making: Making, field?: string): z.ZodType =>
  extended(kind, `${kind.name}-defaults${field === undefined ? '' : `-by-${field}`}`, making, () => ({
    ...under(branchOf(making.outline, kind.place), making, true),
    ...(field !== undefined && {
      [field]: z
        .never({ error: `these defaults are for those whose \`${field}\` is this one already` })
        .optional(),
    }),
  }))

const under = (branch: Branch | undefined, making: Making, forMany = false) =>
  branch
    ? mapValues(branch.named, (next, name) =>
        forMany && next.aside && !next.aside.inherits
          ? notByDefault(name)
          : z.nullable(at(next, making, true)).optional(),
      )
    : {}

const notByDefault = (name: string) =>
  z.never({ error: `\`${name}\` is written at the thing itself, where a reviewer looks for it` }).optional()

const extended = (
  kind: AnyKind,
  id: string,
  { made }: Making,
  keys: () => Readonly<Record<string, z.ZodType>>,
): z.ZodType => {
  const known = made.get(id)
  if (known) return known
  const own = lenient(kind.written as z.ZodType)
  const more = keys()
  if (!(own instanceof z.ZodObject) && Object.keys(more).length > 0)
    throw new Error(`a ${kind.name} has keys of bridle's own, so what is written there must be a map`)
  const whole = own instanceof z.ZodObject ? own.extend(more).meta({ ...own.meta(), id }) : own
  made.set(id, whole)
  return whole
}

const was = z
  .string()
  .min(1)
  .meta({ description: 'The key that it had until now. It is renamed and not replaced.' })

const mapValues = <Value>(
  map: ReadonlyMap<string, Branch>,
  value: (branch: Branch, name: string) => Value,
): Record<string, Value> => Object.fromEntries([...map].map(([key, branch]) => [key, value(branch, key)]))
