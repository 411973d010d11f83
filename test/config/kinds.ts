import * as z from 'zod'
import type { AnyKind, Kind } from '../../src/kinds/kind.js'
import { addressOf, keyOf } from '../../src/model/address.js'
import { safe } from '../../src/model/risk.js'

/** What the files have to do with a kind, and nothing of what Buildkite has. */
type Declarable<Spec extends object, Written> = Pick<
  Kind<Spec, Written>,
  'name' | 'plural' | 'place' | 'listed' | 'written' | 'spec' | 'key' | 'renames' | 'files' | 'defaultsFrom'
> &
  Partial<Pick<Kind<Spec, Written>, 'dependencies'>>

const kindOf = <Spec extends object, Written>(kind: Declarable<Spec, Written>): AnyKind => ({
  provider: 'buildkite',
  identity: [],
  dependencies: () => [],
  asks: {},
  async *read() {
    // nothing is anywhere
  },
  operations: { create: () => [], update: () => [], remove: () => [] },
  risk: () => safe,
  ...kind,
})

const options = z.strictObject({ main_garden: z.string().optional(), open: z.boolean().optional() })

const garden = z
  .strictObject({
    soil: z.enum(['clay', 'loam', 'sand']).optional(),
    area: z.int().positive().optional(),
    note: z.string().nullable().optional(),
  })
  .meta({ title: 'Garden', description: 'Where plants are.' })

const bed = z.strictObject({ size: z.int().optional(), sunny: z.boolean().nullable().optional() })

const plant = z
  .strictObject({
    garden: z.string().min(1).optional(),
    species: z.string().min(1),
    tags: z.array(z.string().min(1)).max(3).optional(),
    care: z
      .strictObject({ water: z.enum(['daily', 'weekly']).optional(), shade: z.boolean().optional() })
      .optional(),
    labels: z.record(z.string(), z.string()).optional(),
    planted: z
      .union([z.string().min(4), z.strictObject({ year: z.int(), month: z.int().optional() })])
      .optional(),
    guide: z.string().min(1).optional(),
    guide_file: z.string().min(1).optional(),
  })
  .refine(({ species, garden }) => species !== 'cactus' || garden !== 'pond', {
    error: 'a cactus does not grow in a pond',
  })

const pot = z.strictObject({ size: z.int().optional(), blue: z.boolean().optional() })
const keeper = z.enum(['waters', 'cuts', 'owns'])
const fence = z.strictObject({
  from: z.string().min(1),
  to: z.string().min(1),
  gates: z.array(z.string()).optional(),
})
const shed = z.strictObject({ locked: z.boolean().optional() }).nullable()

/** Kinds of a world that bridle has never heard of: all that is true of them is true of every kind. */
export const gardenKinds: readonly AnyKind[] = [
  kindOf<z.infer<typeof options>, z.infer<typeof options>>({
    name: 'options',
    plural: 'options',
    place: ['options'],
    written: options,
    spec: (_names, written) => written,
    key: () => 'all',
    dependencies: ({ main_garden }) =>
      main_garden === undefined ? [] : [{ address: addressOf('garden', main_garden), field: 'main_garden' }],
  }),
  kindOf<z.infer<typeof garden> & { name: string }, z.infer<typeof garden>>({
    name: 'garden',
    plural: 'gardens',
    place: ['gardens', '*'],
    written: garden,
    spec: ([name = ''], written) => ({ ...written, name }),
    key: ({ name }) => keyOf(name),
    renames: true,
  }),
  kindOf<z.infer<typeof bed> & { garden: string; key: string }, z.infer<typeof bed>>({
    name: 'bed',
    plural: 'beds',
    place: ['gardens', '*', 'beds', '*'],
    written: bed,
    spec: ([garden = '', key = ''], written) => ({ ...written, garden, key }),
    key: ({ garden, key }) => keyOf(garden, key),
    dependencies: ({ garden }) => [{ address: addressOf('garden', garden), field: 'garden' }],
  }),
  kindOf<Omit<z.infer<typeof plant>, 'guide_file'> & { slug: string }, z.infer<typeof plant>>({
    name: 'plant',
    plural: 'plants',
    place: ['plants', '*'],
    written: plant,
    spec: ([slug = ''], written) => ({ ...written, slug }),
    key: ({ slug }) => keyOf(slug),
    renames: true,
    files: { guide_file: 'guide' },
    defaultsFrom: { field: 'garden', place: ['gardens', '*', 'plant_defaults'] },
    dependencies: ({ garden }) =>
      garden === undefined ? [] : [{ address: addressOf('garden', garden), field: 'garden' }],
  }),
  kindOf<z.infer<typeof pot> & { plant: string; name: string }, z.infer<typeof pot>>({
    name: 'pot',
    plural: 'pots',
    place: ['plants', '*', 'pots', '*'],
    written: pot,
    spec: ([plant = '', name = ''], written) => ({ ...written, plant, name }),
    key: ({ plant, name }) => keyOf(plant, name),
  }),
  kindOf<{ plant: string; person: string; role: string }, z.infer<typeof keeper>>({
    name: 'keeper',
    plural: 'keepers',
    place: ['plants', '*', 'keepers', '*'],
    written: keeper,
    spec: ([plant = '', person = ''], role) => ({ plant, person: person.toLowerCase(), role }),
    key: ({ plant, person }) => keyOf(plant, person),
    dependencies: ({ plant, person }) => [
      { address: addressOf('plant', plant), field: 'plant' },
      { address: addressOf('person', person), field: 'person' },
    ],
  }),
  kindOf<z.infer<typeof fence>, z.infer<typeof fence>>({
    name: 'fence',
    plural: 'fences',
    place: ['fences', '*'],
    listed: true,
    written: fence,
    spec: (_names, written) => written,
    key: ({ from, to }) => keyOf(from, to),
    dependencies: ({ to }) => [{ address: addressOf('garden', to), field: 'to' }],
  }),
  kindOf<{ garden: string; list: string; visitor: string }, string>({
    name: 'visitor',
    plural: 'visitors',
    place: ['gardens', '*', 'visitors', '*'],
    listed: ['friends', 'families'],
    written: z.string().min(1),
    spec: ([garden = '', list = ''], visitor) => ({ garden, list, visitor }),
    key: ({ garden, list, visitor }) => keyOf(garden, list, visitor),
  }),
  kindOf<{ name: string; locked: boolean | null }, z.infer<typeof shed>>({
    name: 'shed',
    plural: 'sheds',
    place: ['tools', 'sheds', '*'],
    written: shed,
    spec: ([name = ''], written) => ({ name, locked: written?.locked ?? null }),
    key: ({ name }) => keyOf(name),
  }),
]
