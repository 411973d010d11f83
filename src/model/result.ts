import type { Address } from './address.js'
import type { Finding } from './finding.js'
import type { GateMode } from './gate.js'
import type { Plan } from './plan.js'
import type { Span } from './span.js'
import type { StackDrift } from './stack.js'
import type { Compared, Seen } from './standing.js'
import type {
  Assumed,
  Basis,
  Cut,
  Expected,
  Path,
  QueueVerdict,
  Reacher,
  RoleVerdict,
  RuleCard,
  VerdictWord,
} from './verdict.js'

/** What a command found out, before anybody decides how it looks. Reports turn it into text; it never changes with them. */
export type Result =
  | Validation
  | Planned
  | Applied
  | Drifted
  | Examined
  | Imported
  | AccessChecked
  | AccessWho
  | AccessWhat
  | AccessWhy
  | Snapshotted
  | Contained
  | GateTried
  | GateReported
  | HookPrinted
  | HostChecked
  | CanarySeen

interface ResultBase {
  /** Everything to say to the person, in the order of the files. */
  readonly findings: readonly Finding[]
}

/** What the files say by themselves. */
export interface Validation extends ResultBase {
  readonly result: 'validation'
  /** How many files were read. */
  readonly files: number
  /** How many things of each kind are declared, by plural name: `{ teams: 8 }`. */
  readonly declared: Readonly<Record<string, number>>
  /** Names that no file declares: `plan` looks for them in the organization. */
  readonly elsewhere: readonly {
    /** Who names it, and in which field. */
    readonly from: Address
    readonly field: string
    /** The same in words, where that is no thing: `the allow of cluster "production"`. */
    readonly by?: string
    readonly address: Address
    readonly where: Span
    readonly nearest?: string
  }[]
}

/** What apply would do. No plan where findings or a refusal stand in the way. */
export interface Planned extends ResultBase {
  readonly result: 'plan'
  readonly plan?: Plan
  /** How much of the API budget reading really took. */
  readonly spent?: Spent
}

/** What became of one step. */
export interface Outcome {
  readonly step: string
  /**
   * `unclear`: the answer was lost, so it may have happened; the next plan sees. `skipped`: something it needs failed.
   * `undone`: it was carried out, and taken back when the step that `why` names was not.
   */
  readonly state: 'done' | 'failed' | 'unclear' | 'skipped' | 'undone' | 'interrupted'
  /** Why it failed, or the step that it waited for. */
  readonly why?: string
  readonly requestId?: string
}

/** What apply did. */
export interface Applied extends ResultBase {
  readonly result: 'apply'
  readonly plan?: Plan
  /** In the order of the plan's steps. */
  readonly outcomes: readonly Outcome[]
  readonly interrupted: boolean
  readonly spent?: Spent
}

/**
 * Whether it is for access, and not by accident, that not all of a plan was carried out: what somebody else changed
 * meanwhile is for a person to look at first.
 */
export const isRefusedOnTheWay = ({ outcomes, findings }: Applied): boolean =>
  outcomes.some(({ state }) => state !== 'done') &&
  findings.some(({ code, severity }) => severity === 'error' && foundOnTheWay.has(code))

/** Where one of these is found before the first call, there is no first call. */
const foundOnTheWay: ReadonlySet<Finding['code']> = new Set(['changed-meanwhile', 'identity-changed'])

/** Something that came to be in a privileged cluster not long ago. */
export interface Created {
  readonly address: Address
  /** An ISO time. */
  readonly at: string
  /** Who made it, where Buildkite says so: `user:ada@acme.test`. */
  readonly by?: string
}

/** Who changed something last that differs now, or that no file declares. */
export interface ChangedBy {
  readonly address: Address
  /** An ISO time. */
  readonly at: string
  /** `user:ada@acme.test`, or the name of what is no person; missing where Buildkite does not say. */
  readonly by?: string
  readonly way: 'browser' | 'API' | 'agent' | 'unknown'
  /** What the API was called with, as it calls itself. */
  readonly agent?: string
}

/** What differs between the files and the organization. */
export interface Drifted extends ResultBase {
  readonly result: 'drift'
  /** When it was found: an ISO time. */
  readonly at?: string
  /** Missing where nobody got so far as to know. */
  readonly organization?: string
  readonly plan?: Plan
  /** Who changed it last, where `--who` asked for that: only of what is still there. */
  readonly changedBy?: readonly ChangedBy[]
  /** True where nobody could tell: not every organization has a list of what was changed. */
  readonly changedByUntold?: true
  /** What became of what an earlier run saw, where `--since` named one. */
  readonly since?: Compared
  /** What that run saw, where nothing was read whole this time: handed on to the next. */
  readonly carried?: readonly Seen[]
  /** What is new, the newest first, where `--created-within` asked for it. */
  readonly created?: readonly Created[]
  /** The kinds, in the plural, of which nobody could tell when they were made. */
  readonly createdUntold?: readonly string[]
  /** The stacks that were held against their queues, where `--stack` asked for that: then nothing else was looked at. */
  readonly stacks?: readonly StackDrift[]
  readonly spent?: Spent
}

/** One thing that works or is missing. */
export interface Check {
  /** A short name: `token`, `scopes`, `graphql endpoint`. */
  readonly name: string
  readonly state: 'works' | 'missing' | 'warning' | 'unknown'
  readonly what: string
  /** What to do now; none where it works. */
  readonly fix?: string
}

/** Files that say what is there. None where findings stand in the way: then they would not have said it. */
export interface Imported extends ResultBase {
  readonly result: 'import'
  /** Texts by path, relative to the root file's folder; the root file first. */
  readonly files?: Readonly<Record<string, string>>
  /** How many things of each kind they declare, by plural name. */
  readonly imported?: Readonly<Record<string, number>>
  /**
   * Of an update: how many things differed, were in the files and not there, and were there and in no file; and how many
   * differences there are that it was not asked about, or does not take in.
   */
  readonly taken?: {
    readonly changed: number
    readonly gone: number
    readonly added: number
    readonly elsewhere: number
  }
  /** How many pipelines are archived, and so in no file. */
  readonly archived?: number
  readonly spent?: Spent
}

/** What works and what is missing between this machine and the organization. */
export interface Examined extends ResultBase {
  readonly result: 'doctor'
  readonly checks: readonly Check[]
}

/** What every answer about access says. */
interface AccessResult extends ResultBase {
  /** Missing where findings stood in the way: then there is no verdict, not even "closed". */
  readonly basis?: Basis
  /** The flags with which another question is asked on the same ground, as one would type them: `--offline`. */
  readonly asked?: string
}

/** The verdict on each privileged queue and role, and what became of each expectation. */
export interface AccessChecked extends AccessResult {
  readonly result: 'access-check'
  /** In the order of their addresses. */
  readonly queues: readonly QueueVerdict[]
  /** In the order of their addresses; missing where there are none to judge. */
  readonly roles?: readonly RoleVerdict[]
  /** Accepted or not. One that is not accepted is a finding as well, which carries it as `assumes`. */
  readonly assumed: readonly Assumed[]
  readonly expected: readonly Expected[]
  /** Every rule, where `--list` asked for them: then nothing is judged. */
  readonly rules?: readonly RuleCard[]
  /** Ready lines of YAML for `accept`, where `--suggest` asked for them. */
  readonly suggestions?: string
}

/** What somebody really ran. */
export interface Observed {
  readonly who: string
  /** Its address. */
  readonly pipeline: Address
  readonly jobs: number
  /** When the last one ran: an ISO time. */
  readonly last: string
  /** Whether the `allow` of today would let them. */
  readonly allowedToday: boolean
  /** Whether the pipeline is still there. */
  readonly pipelineThere: boolean
}

/** Everybody who reaches something. */
export interface AccessWho extends AccessResult {
  readonly result: 'access-who'
  readonly on: Address
  /** Of a privileged queue; with how many accepted assumptions that rests on, and whether bridle has paused it. */
  readonly verdict?: VerdictWord
  readonly accepted?: number
  readonly contained?: boolean
  /** Allowed or not, the worst first. */
  readonly reachers: readonly Reacher[]
  /** Who ran jobs there, where `--observed` asked for it. */
  readonly observed?: readonly Observed[]
  /** Everybody in AWS who can change what the gates of a queue go by; where accounts were read. */
  readonly writers?: readonly PolicyWriter[]
}

/** Somebody in AWS who can write parameters or secrets that gates go by, or sign policies. */
export interface PolicyWriter {
  /** Their ARN. */
  readonly principal: string
  /** A role that somebody comes to from Buildkite: `access who` tells who, and they can do the same. */
  readonly role?: Address
  /** The account’s name in the files. */
  readonly account: string
  readonly can: 'write parameters' | 'write secrets' | 'sign'
  /** Every action of it that they may do: `ssm:PutParameter`. */
  readonly actions: readonly string[]
  /** Where it stands: `policy deploy, statement 2 (Write)`. */
  readonly by: string
  /** False where it rests on something that nobody told. */
  readonly isCertain: boolean
}

/** Something that somebody reaches. */
export interface Reached {
  readonly on: Address
  /** The verb: `run`, `assume`, `edit`, `build`, `watch`, `maintain`, `administer`. */
  readonly can: string
  /** The shortest. */
  readonly path: Path
}

/** Everything that somebody reaches. */
export interface AccessWhat extends AccessResult {
  readonly result: 'access-what'
  /** An address, or `outsider`. */
  readonly who: string
  readonly reaches: readonly Reached[]
}

/** By which paths somebody reaches something, and what would cut them. */
export interface AccessWhy extends AccessResult {
  readonly result: 'access-why'
  readonly who: string
  readonly on: Address
  /** The shortest for each rule, at most 20. */
  readonly paths: readonly Path[]
  /** How many more there are. */
  readonly rest: number
  /** The rules whose shortest path goes on where it could have ended: counted with the rest. */
  readonly roundabout: readonly string[]
  /** Why who is asked about is allowed there: `user`, a team, or `trust`. Nothing is cut then. */
  readonly allowedBy?: string
  /** The smallest set of edits that cuts them all; missing where there is none to make. */
  readonly cut?: {
    /** False where there were too many candidates to try all sets of them. */
    readonly exact: boolean
    /** True where edits were left aside that take from those who are allowed what they may. */
    readonly isMild?: boolean
    /** True where it cuts what is open, and something assumed is left that no edit can cut. */
    readonly leavesAssumed?: boolean
    /** True where it cuts what is not accepted, and paths are left that are. */
    readonly leavesAccepted?: boolean
    /** True where there is nothing but what is accepted, and it cuts that. */
    readonly ofAccepted?: boolean
    readonly cuts: readonly Cut[]
    /** Of the files, unified. */
    readonly diff?: string
  }
}

/** What was read and saved. */
export interface Snapshotted extends AccessResult {
  readonly result: 'snapshot'
  readonly organization?: string
  /** How many things of each kind: `{ team: 8 }`. Empty where nothing was saved. */
  readonly holds: Readonly<Record<string, number>>
  readonly spent?: Spent
}

/** What was done to stop what an open queue starts. */
export interface Contained extends AccessResult {
  readonly result: 'contain'
  readonly queue: Address
  /** `paused`: now, by this command. `already`: it was paused before. `nothing`: it is not open, or a finding says why not. */
  readonly did: 'paused' | 'already' | 'nothing'
  readonly verdict?: VerdictWord
  /** The note that the pause has, where it is paused. One of bridle's own starts with `bridle:`. */
  readonly note?: string
  /** Jobs that were running and are not stopped by it, each in a few words. */
  readonly stillRunning: readonly string[]
}

/** What the gate of a queue would do with a job, and why. */
export interface TriedJob {
  /** Where the job was read: `job.json`, `jobs.ndjson:3`. */
  readonly at: string
  readonly decision: 'accept' | 'refuse'
  /** By which it is refused. */
  readonly rule?: string
  readonly saw?: string
  readonly pipeline: string
  readonly build: string
  /** What its host asks others about before it is let in: that is not tried. */
  readonly further?: readonly string[]
  /** What people would read on the page of the build, line by line, in markdown. */
  readonly tells?: readonly string[]
  /** Lines of YAML that would let it in. */
  readonly allowing?: readonly string[]
}

/** Jobs of one pipeline that are refused, or let in, for the same reason. */
export interface TriedAlike {
  readonly pipeline: string
  readonly decision: 'accept' | 'refuse'
  readonly rule?: string
  readonly jobs: number
  /** One of them. */
  readonly example: TriedJob
}

/** What the gate of a queue would decide about jobs. */
export interface GateTried extends ResultBase {
  readonly result: 'hook-test'
  readonly queue: Address
  /** What it would go by: missing where findings stood in the way. */
  readonly policy?: {
    /** `files`, or the name of a file. */
    readonly from: string
    readonly mode: GateMode
    readonly serial?: number
    readonly pipelines: number
  }
  /** Names whose uuid no file has: the word of the jobs was taken for it. */
  readonly taken: readonly string[]
  readonly jobs: number
  readonly refused: number
  /** The job, where there was one. */
  readonly job?: TriedJob
  /** The most frequent first; where there were several. */
  readonly alike?: readonly TriedAlike[]
  /** What differs from another policy, where `--against` named one; `example` is by the policy that refuses. */
  readonly against?: {
    readonly from: string
    readonly serial?: number
    readonly newlyRefused: readonly TriedAlike[]
    readonly newlyLetIn: readonly TriedAlike[]
  }
}

/** What gates refused alike, or would have refused if they did more than watch. */
export interface RefusedAlike {
  /** `production/deploy`; empty where no policy said. */
  readonly queue: string
  readonly pipeline: string
  readonly rule: string
  readonly did: 'refused' | 'would have refused'
  readonly times: number
  /** How many agents told of it, by their names. */
  readonly agents: number
  /** What was seen: some of it, the first ones. */
  readonly saw: readonly string[]
  /** How much more was seen that is other. */
  readonly sawMore: number
  /** URLs, in the order in which the logs were read. */
  readonly first?: string
  readonly last?: string
}

/** What the logs of agents say of their gates. */
export interface GateReported extends ResultBase {
  readonly result: 'hook-report'
  readonly lines: number
  /** Lines that look like a gate's and are none. */
  readonly unreadable: number
  readonly letIn: number
  readonly refused: number
  /** The most frequent first. */
  readonly alike: readonly RefusedAlike[]
  /** Refusals that are counted above and in no group, since there were too many groups. */
  readonly untold: number
  /** Lines of YAML that would let in what was refused. */
  readonly suggestion: readonly string[]
  /** What there are no such lines for, and why. */
  readonly left: readonly {
    readonly pipeline: string
    readonly key: string
    readonly value: string
    readonly why: string
  }[]
}

/** A file that goes onto a host. */
export interface HostFileTold {
  readonly path: string
  readonly owner: string
  /** `0644`. */
  readonly mode: string
  readonly does: string
  readonly sha256: string
}

/** What makes a host of a queue a gated one. */
export interface HookPrinted extends ResultBase {
  readonly result: 'hook-print'
  readonly queue: Address
  /** Missing where findings stood in the way. */
  readonly mode?: GateMode
  /** In the order in which they are written. */
  readonly files: readonly HostFileTold[]
  /** What a host says of all constant files, where it has them. */
  readonly digest?: string
  /** Lines for the configuration of the agent. */
  readonly options: readonly {
    readonly line: string
    readonly why: string
    readonly weight: 'gate' | 'depth'
    readonly breaks?: string
  }[]
  readonly notes: readonly string[]
}

/** One thing that was looked at on a host. */
export interface HostCheck {
  readonly name: string
  /** `gate`: without it the gate is void. `work`: without it jobs are refused that should not be. `depth`: the rest. */
  readonly weight: 'gate' | 'work' | 'depth'
  readonly state: 'ok' | 'failed' | 'unknown'
  readonly saw: string
  readonly why: string
  readonly fix: string
}

/** What a host says of its gate. */
export interface HostChecked extends ResultBase {
  readonly result: 'hook-check'
  /** Missing where there is no report. */
  readonly report?: {
    readonly hostname: string
    readonly checkedAt: string
    /** Who looked: `root`, or the user of the agent, who is told less. */
    readonly by: string
    readonly ok: boolean
    /** The digest of the list of its constant files. */
    readonly files: string
    /** Whether these are the files of this bridle; missing where nothing was declared to tell by. */
    readonly current?: boolean
    readonly checks: readonly HostCheck[]
  }
  readonly queue?: Address
  /** The file that it was written down in. */
  readonly recorded?: string
}

/** What became of one build of a canary. */
export interface CanaryEnded {
  /** Its page; empty where nobody could see it. */
  readonly url: string
  /** The uuid of its job for the queue. */
  readonly job?: string
  /** The state of that job, as Buildkite calls it. */
  readonly state?: string
  /** The name of the agent that took it. */
  readonly agent?: string
  /**
   * `refused`: by the agent, as it should be. `let in`: it ran. `not taken`: no agent took it in time. `unfinished`: one
   * took it, and it had not ended. `elsewhere`: it has no job for the queue, or for another of that key. `unclear`: it ended
   * otherwise. `goes on`: nobody waited for what becomes of it.
   */
  readonly became: 'refused' | 'let in' | 'not taken' | 'unfinished' | 'elsewhere' | 'unclear' | 'goes on'
  readonly why?: string
  /** By which rule, and by the policy of which number, as the gate wrote on its page. */
  readonly rule?: string
  readonly serial?: number
}

/** Whether the gate of a queue refuses what it should. */
export interface CanarySeen extends ResultBase {
  readonly result: 'hook-canary'
  readonly queue: Address
  /** The slug of the canary. */
  readonly pipeline?: string
  /** The number of the policy that is published. */
  readonly serial?: number
  readonly builds: readonly CanaryEnded[]
  /** Whether it was kept as evidence. */
  readonly recorded: boolean
  /** Whether earlier evidence was taken out, since an agent let the canary in. */
  readonly withdrawn: boolean
}

/** What a conversation took, with Buildkite and with AWS accounts. */
export interface Spent {
  readonly points: number
  readonly graphqlRequests: number
  readonly restRequests: number
  readonly awsRequests?: number
  /** Seconds spent waiting for a rate-limit window to turn. */
  readonly waitedSeconds: number
}
