import { stripVTControlCharacters } from 'node:util'
import type { Paint } from '../report/paint.js'
import { counted } from '../report/words.js'
import { argvOf } from './argv.js'
import { onMachine } from './current-machine.js'
import { demoMachine } from './demo-machine.js'
import type { Machine } from './machine.js'

/** A command of the story, with what is said before it. */
interface Scene {
  readonly says: string
  readonly typed: string
  /** The words of the command, and then its own. */
  readonly argv: readonly string[]
  /** What it must end with; anything else and the story is not true any more. */
  readonly exit: number
  /** What of its answer is shown; all, where nothing is said. */
  readonly shown?: Shown
}

/** Lines from the beginning and from the end; or the parts with these headings, and the last. */
type Shown = { readonly first: number; readonly last: number } | { readonly headings: readonly string[] }

const lastLine: Shown = { first: 0, last: 1 }

const scene = (says: string, words: string, shown?: Shown, exit = 0): Scene => ({
  says,
  typed: `bridle ${words}`,
  argv: [...words.matchAll(/"([^"]*)"|\S+/g)].map(([word, inside]) => inside ?? word),
  exit,
  ...(shown === undefined ? {} : { shown }),
})

/** The story: declared, planned, applied, nothing left to do; then somebody changes something by hand. */
const story: readonly Scene[] = [
  scene(
    'An organization, written down in examples/acme: who is in which team, and what runs where.',
    'validate',
    lastLine,
  ),
  scene('Of all this Buildkite has next to nothing yet. What would it take?', 'plan --sandbox', {
    headings: [
      'settings organization',
      'queue general/focal (create)',
      'member release/eve@acme.test (create)',
      'grant web-deploy/web (create)',
    ],
  }),
  scene(
    'Carry it out. A person would be asked first; this is a machine, so it says --yes.',
    'apply --sandbox --yes',
    { first: 6, last: 3 },
  ),
  scene('And again: what is as declared is left alone.', 'plan --sandbox', { first: 0, last: 2 }),
  scene(
    'Friday evening. Somebody pauses a queue, gives a team more access, and lets somebody deploy, all by hand.',
    'sandbox edit pause queue:general/default "flaky disks"',
    lastLine,
  ),
  scene('', 'sandbox edit grant team:web pipeline:web-deploy manage_build_and_read', lastLine),
  scene('', 'sandbox edit join team:release hana@acme.test', lastLine),
  scene(
    'Monday morning, a scheduled build looks. It ends with 10, so the build is red.',
    'drift --sandbox',
    {
      headings: [
        'member release/hana@acme.test (not declared)',
        'queue general/default',
        'grant web-deploy/web',
      ],
    },
    10,
  ),
  scene('One more apply puts everything back as it was declared.', 'apply --sandbox --yes'),
  scene('', 'drift --sandbox', lastLine),
]

/** Every answer begins by saying that it is about a sandbox; the story has said so at its beginning. */
const withoutSentence = (lines: readonly string[]) =>
  lines[1] === '' && lines[0]?.includes('Sandbox:') === true ? lines.slice(2) : lines

const parts = (text: string, headings: readonly string[]): string => {
  const all = text.split('\n\n')
  const isShown = (part: string, at: number) =>
    at === all.length - 1 ||
    headings.some((heading) => stripVTControlCharacters(part).startsWith(`${heading}\n`))
  const kept: string[] = []
  let left = 0
  all.forEach((part, at) => {
    if (!isShown(part, at)) return void (left += 1)
    if (left > 0) kept.push(`… ${counted(left, 'more', 'more')} …`)
    left = 0
    kept.push(part)
  })
  return kept.join('\n\n')
}

/** An answer without what would make the story long. */
const abridged = (text: string, shown: Shown | undefined): string => {
  const lines = withoutSentence(text.replace(/\n+$/, '').split('\n'))
  if (shown === undefined) return lines.join('\n')
  if ('headings' in shown) return parts(lines.join('\n'), shown.headings)
  const { first, last } = shown
  const left = lines.length - first - last
  if (left <= 2) return lines.join('\n')
  const gap = first === 0 ? [] : [`… ${counted(left, 'more line')} …`]
  return [...lines.slice(0, first), ...gap, ...lines.slice(lines.length - last)].join('\n')
}

const opening =
  'Sandbox: all of this happens in a make-believe Buildkite, in memory. Nothing is sent anywhere and no file is written.'

const closing = `That was everything: declare, plan, apply, and see what drifts. To go on by yourself:

  alias bridle='npm run --silent bridle --'    # in a clone, where it is not installed
  bridle plan --sandbox small.json --file examples/small/bridle.yaml
  bridle apply --sandbox small.json --file examples/small/bridle.yaml
`

export interface Telling {
  readonly machine: Machine
  readonly paint: Paint
  /** Where the organization of the story is declared. */
  readonly folder: string
  /** Runs a command. */
  readonly perform: (words: readonly string[]) => Promise<unknown>
}

/** Tells the story. All that it shows was written by the commands themselves. */
export const tell = async ({ machine, paint, folder, perform }: Telling): Promise<void> => {
  const demo = demoMachine(machine, folder)
  machine.stdout.write(`${paint('warning', opening)}\n`)
  for (const { says, typed, argv, exit, shown } of story) {
    await onMachine(demo.machine, () => perform(argvOf(argv)))
    const told = demo.told()
    if (told.exit !== exit) throw new Error(`\`${typed}\` ended with ${told.exit}: ${told.text}`)
    const narration = says === '' ? '' : `\n${paint('heading', says)}\n`
    machine.stdout.write(`${narration}\n${paint('faint', `$ ${typed}`)}\n${abridged(told.text, shown)}\n`)
  }
  machine.stdout.write(`\n${closing}`)
}
