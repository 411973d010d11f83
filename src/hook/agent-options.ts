/** What a queue's gate lets in, as far as the agent's own options can say it too. */
export interface OptionFacts {
  readonly hooksPath: string
  readonly repositories: readonly string[]
  /** As agents name them: `github.com/…-buildkite-plugin#v1.2.3`. */
  readonly plugins: readonly string[]
  readonly environment: readonly string[]
}

/** A line of the agent's configuration. */
export interface AgentOption {
  /** As it stands in buildkite-agent.cfg. */
  readonly line: string
  /** Half a sentence. */
  readonly why: string
  /** `gate`: the gate is void without it. `depth`: something else is better kept with it. */
  readonly weight: 'gate' | 'depth'
  /** What it stops that somebody may want. */
  readonly breaks?: string
}

/**
 * One text and no other, for Go's RE2, in a list that is split at commas, in a file in which `#` begins a comment and quotes
 * are taken off. So whatever means something to one of them is written by its number.
 */
export const exactly = (text: string): string => `^${Array.from(text, letter).join('')}$`

const letter = (one: string): string => {
  if (/[\w/:@-]/.test(one)) return one
  const code = one.codePointAt(0) ?? 0
  if (/[.+*?()[\]{}|^$\\]/.test(one)) return `\\${one}`
  return code < 0x80 ? `\\x${code.toString(16).padStart(2, '0')}` : one
}

/** Whether an agent's file can hold it at all: a line end, or half a letter, is in none. */
const canBeSaid = (text: string): boolean => !/[\p{Cc}\p{Cs}\u2028\u2029]/u.test(text)

const sorted = (texts: readonly string[]): string[] => [...new Set(texts)].filter(canBeSaid).sort()
const listOf = (texts: readonly string[]): string => sorted(texts).map(exactly).join(',')

/** Lines for the configuration of a queue's agents. Most repeat on other data what the gate says: two locks, one key. */
export const agentOptions = ({
  hooksPath,
  repositories,
  plugins,
  environment,
}: OptionFacts): readonly AgentOption[] => [
  {
    line: `hooks-path=${hooksPath}`,
    why: 'the agent looks for the gate in this folder alone, and where it finds none takes every job',
    weight: 'gate',
  },
  {
    line: 'spawn=1',
    why: 'a job beside another one of the same user can rewrite what its gate is told',
    weight: 'gate',
  },
  {
    line: 'disconnect-after-job=true',
    why: 'what a job leaves running sees the next one',
    weight: 'depth',
    breaks: 'an agent serves one job, so something has to start the next: systemd, or a new machine',
  },
  ...(sorted(repositories).length === 0
    ? []
    : [
        {
          line: `allowed-repositories=${listOf(repositories)}`,
          why: 'with it the agent drops a mirror that is not in the list, too; it compares the URL as the pipeline has it',
          weight: 'depth',
        } as const,
      ]),
  ...(sorted(plugins).length === 0
    ? [
        {
          line: 'no-plugins=true',
          why: 'the gate lets in no plugin',
          weight: 'depth',
          breaks: 'a job with a plugin fails',
        } as const,
      ]
    : [
        {
          line: `allowed-plugins=${listOf(plugins)}`,
          why: 'the plugins that the gate lets in, each with its version',
          weight: 'depth',
        } as const,
        {
          line: 'no-plugins=false',
          why: 'without this line, no-local-hooks turns plugins off',
          weight: 'depth',
        } as const,
      ]),
  {
    line: 'enable-environment-variable-allowlist=true',
    why: 'beside BUILDKITE_* and CI only the variables that are named get to a job; the gate looks at BUILDKITE_*, too',
    weight: 'depth',
  },
  ...(sorted(environment).length === 0
    ? []
    : [
        {
          line: `allowed-environment-variables=${listOf(environment)}`,
          why: 'those of all pipelines of the queue together: the gate goes pipeline by pipeline',
          weight: 'depth',
        } as const,
      ]),
  {
    line: 'git-commit-verification=strict',
    why: 'a branch proves nothing about a commit; the agent looks whether it is on it',
    weight: 'depth',
    breaks: 'agents before 3.128 do not know it; tags, pull requests and HEAD are not looked at',
  },
  {
    line: 'checkout-override-mode=strict',
    why: 'a step says nothing about how its code is fetched',
    weight: 'depth',
    breaks: '`checkout:` of a step',
  },
  {
    line: 'no-local-hooks=true',
    why: 'hooks of a repository run with what the hooks of the agent have set',
    weight: 'depth',
    breaks: 'a job whose repository has a hook in .buildkite/hooks fails',
  },
  {
    line: 'no-ssh-keyscan=true',
    why: 'a host key that is taken at first sight is that of whoever answers',
    weight: 'depth',
    breaks: 'the host keys have to be in known_hosts',
  },
]

/** What a person has to know of these lines, a sentence or two each. */
export const optionNotes = ({ repositories, plugins, environment }: OptionFacts): readonly string[] => {
  const unsayable = [...repositories, ...plugins, ...environment].filter((one) => !canBeSaid(one))
  return [
    'The patterns are Go’s RE2. The agent looks for one anywhere in a text, so each begins with ^ and ends with $; it splits the list at commas and cuts a line at #, so those are written as \\x2c and \\x23. Do not put quotes around them.',
    'hooks-shell stays out: the agent would run the gate by it.',
    'no-command-eval=true is left out: it lets steps name only a script of the checkout, turns plugins off unless no-plugins=false is written, and does not hold for command hooks. Write it where every step is such a script.',
    'With a variable of the same name in its environment the agent does not read a line: BUILDKITE_HOOKS_PATH wins over hooks-path.',
    ...(unsayable.length === 0
      ? []
      : [
          `${unsayable.length} of the policy’s names hold a line end or the like, which no line of the configuration can: the agent would refuse what the gate lets in.`,
        ]),
  ]
}
