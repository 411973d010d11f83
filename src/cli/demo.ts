import { dirname, relative } from 'node:path'
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
  /** What somebody writes into a file before it. */
  readonly edit?: Edit
}

/** A line of a file, and what somebody makes of it. */
interface Edit {
  readonly file: string
  readonly from: string
  readonly to: string
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

/** Those whom the grant of Friday evening let in, and what they knew is worth nothing any more. */
const whoLeft = `left:
  cluster:production:
    - hana@acme.test
    - ivo@acme.test
    - jan@acme.test
    - kim@acme.test`

/** The story: declared, judged, applied; then somebody opens a queue by hand, and somebody proposes to leave it so. */
const story: readonly Scene[] = [
  scene(
    'An organization, written down in examples/acme: who is in which team, what runs where, and who may deploy.',
    'validate',
    lastLine,
  ),
  scene(
    'Who can get code onto the agents that deploy? Nobody but those whom the files allow.',
    'access check --offline',
    {
      first: 5,
      last: 0,
    },
  ),
  scene(
    'Buildkite has next to nothing of this yet. What would it take, and who would gain what?',
    'plan --sandbox',
    {
      headings: [
        'access',
        'queue general/focal (create)',
        'token production/deploy (create)',
        'grant web-deploy/web (create)',
      ],
    },
  ),
  scene(
    'Carry it out. A person would be asked first; this is a machine, so it says --yes, and that people may gain.',
    'apply --sandbox --yes --allow-widening',
    { first: 4, last: 3 },
  ),
  scene(
    'Friday evening. Somebody pauses a queue, and lets a team start its own deploys, all by hand.',
    'sandbox edit pause queue:general/default "flaky disks"',
    lastLine,
  ),
  scene('', 'sandbox edit grant team:web pipeline:web-deploy build_and_read', lastLine),
  scene(
    'Monday morning, a scheduled build looks. It ends with 11, so the build is red: a queue is open, and this is how.',
    'drift --sandbox',
    { headings: ['queue general/default', 'grant web-deploy/web', 'error[chosen-commit]'] },
    11,
  ),
  scene('One apply closes it again, and puts everything else back.', 'apply --sandbox --yes', {
    first: 4,
    last: 3,
  }),
  scene(
    'A job could read the agent token all weekend. It goes from SSM, so the next apply makes and stores another.',
    'sandbox edit delete parameter:management/buildkite/production/agent-token/deploy',
    lastLine,
  ),
  scene('', 'apply --sandbox --yes', { first: 4, last: 3 }),
  {
    ...scene(
      'What they could read opens nothing now, so their names go from bridle.lock.yaml, by hand.',
      'access check --sandbox',
      {
        first: 5,
        last: 0,
      },
    ),
    edit: { file: 'bridle.lock.yaml', from: whoLeft, to: '' },
  },
  {
    ...scene(
      'Could it be made official? In production.yaml, web may start web-deploy now. That is refused, whatever the flags.',
      'plan --sandbox --allow-widening',
      {
        headings: ['access', 'it would open these, and is refused whatever the flags', 'error[opens-queue]'],
      },
      11,
    ),
    edit: {
      file: 'production.yaml',
      from: 'teams: { web: read_only }',
      to: 'teams: { web: build_and_read }',
    },
  },
]

/** Every answer says that it is about a sandbox; the story has said so at its beginning. */
const withoutSentence = (lines: readonly string[]) => {
  const at = lines.findIndex((line) => line.includes('Sandbox: a make-believe'))
  return at === -1 ? lines : [...lines.slice(0, at), ...lines.slice(at + 2)]
}

/** What follows a heading; nothing where a part has another. */
const after = (heading: string, part: string) => (part.startsWith(heading) ? part.slice(heading.length) : '')

const parts = (text: string, headings: readonly string[]): string => {
  const all = text.split('\n\n')
  const isShown = (part: string, at: number) =>
    at === all.length - 1 ||
    headings.some((heading) => /^[:\n]/.test(after(heading, stripVTControlCharacters(part))))
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

/** Commands that work where they are read: in a clone, or wherever bridle is installed. */
const closing = (
  examples: string,
) => `That was everything: declare, prove, plan, apply, and see what drifts. To go on by yourself:

${(examples === 'examples'
  ? [
      "alias bridle='npm run --silent bridle --'    # in a clone, where it is not installed",
      'bridle plan --sandbox small.json --file examples/small/bridle.yaml',
      'bridle apply --sandbox small.json --file examples/small/bridle.yaml',
    ]
  : [
      `cp -R '${examples}/small' .`,
      'bridle plan --sandbox --file small/bridle.yaml',
      'bridle apply --sandbox --file small/bridle.yaml',
    ]
)
  .map((line) => `  ${line}\n`)
  .join('')}`

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
  for (const { says, typed, argv, exit, shown, edit } of story) {
    if (edit !== undefined) demo.edit(edit.file, edit.from, edit.to)
    await onMachine(demo.machine, () => perform(argvOf(argv)))
    const told = demo.told()
    if (told.exit !== exit) throw new Error(`\`${typed}\` ended with ${told.exit}: ${told.text}`)
    const narration = says === '' ? '' : `\n${paint('heading', says)}\n`
    machine.stdout.write(`${narration}\n${paint('faint', `$ ${typed}`)}\n${abridged(told.text, shown)}\n`)
  }
  machine.stdout.write(`\n${closing(relative(machine.cwd, dirname(folder)))}`)
}
