import type * as z from 'zod'
import type { Reader } from '../../graphql/operation.js'
import type { Address } from '../model/address.js'
import type { AwsAccount, AwsReader } from '../model/aws.js'
import type { Call, Made } from '../model/call.js'
import type { Code } from '../model/codes.js'
import type { Change } from '../model/change.js'
import type { Grant } from '../model/grant.js'
import type { Json } from '../model/json.js'
import type { Live } from '../model/live.js'
import type { Risk } from '../model/risk.js'
import type { VerifyingKey } from '../model/signer.js'

/** All there is to ask: Buildkite, and the declared AWS accounts, if there are any. */
export interface Sources extends Reader {
  readonly aws?: AwsReader
  /** The keys of a kind that the files declare or keep: what is too much to be listed is asked for by name. */
  readonly declared?: (kind: string) => readonly string[]
  /** The specs of a kind that the files declare, for what is read where they say. */
  readonly specs?: (kind: string) => readonly unknown[]
}

/** What no file tells, and a want may hang on. */
export interface Known {
  /** The organization's uuid, and its slug. */
  readonly organization: { readonly slug: string; readonly uuid: string }
  readonly accounts: readonly AwsAccount[]
  /** What the API calls a thing that is there, under the name that it will have. */
  made(address: Address): Made | undefined
  /** The spec of a thing that is there. */
  live(address: Address): Live<unknown> | undefined
  /** Every thing of a kind that the files declare. */
  declared(kind: string): readonly { readonly address: Address; readonly spec: unknown }[]
  /** What o'clock it was when all this was read, as ISO says it. */
  readonly now: string
  /** What signatures of policies are checked with, where somebody has named a key. */
  readonly policyKey?: VerifyingKey
  /** The highest number that a policy for the gate of a queue ever had, as far as is remembered; 0 for none. */
  serial(queue: Address): number
  /** Emails of whoever applies: the identity in use, and `trust.automation`. */
  readonly appliers: ReadonlySet<string>
}

/** The lists and questions of one reading; those that several kinds share are asked once. */
export interface Asks {
  readonly graphql?: readonly AnyReading[]
  /** Lists that are walked once for each cluster that is looked at closely, and have a row for each pipeline there. */
  readonly closely?: readonly AnyReading[]
  /**
   * REST requests: a single object, a list with a row for each pipeline, or a short list for each cluster that is
   * looked at closely.
   */
  readonly rest?: readonly ('one' | 'pipelines' | 'closely')[]
  /** Of each declared AWS account: what IAM says of it, and its parameters. They have no budget. */
  readonly iam?: true
  readonly ssm?: true
}

interface AnyReading {
  readonly name: string
  readonly document: { toString(): string }
}

/** Where to look closely: what is too much to be read of a whole organization is read of these alone. */
export interface Scope {
  /** Clusters, by name. */
  readonly clusters: ReadonlySet<string>
  /** Pipelines elsewhere, by slug: those that will come into one of the clusters, or start builds there. */
  readonly pipelines?: ReadonlySet<string>
}

/** Who made a thing, and when, as far as Buildkite says. */
export interface Origin {
  /** An email. */
  readonly by?: string | undefined
  /** As ISO says it. */
  readonly at?: string | undefined
}

/** Something bridle can read and name, whether or not it manages it: a person is one. */
export interface Thing<Spec> {
  /** What people call it: the first half of every address, `queue:ios/macos-m2`. */
  readonly name: string
  /** What people call many of them: the word that `manage`, `ignore` and `defaults` use. */
  readonly plural: string
  /** What `read` asks for, so that its cost can be told before it is asked. */
  readonly asks: Asks
  /**
   * Everything of this kind that is there. Reading is a conversation, so it may loop.
   *
   * @param scope  read no more than is here, where there is much of it; all there is where nothing is said
   */
  read(api: Sources, scope?: Scope): AsyncIterable<Live<Spec>>
  /**
   * Who reaches what because of it: the access graph is the sum of these. They are told from the spec alone, so that
   * the same question can be asked of files, of what is there, and of what will be there after some calls.
   *
   * @param spec  as read, or as wanted with creation values filled in; undefined is unknown, and never taken for off
   */
  grants?(spec: Spec): readonly Grant[]
  /** What of the API a reading of it was: `GraphQL Organization.teams`, for whoever asks where a fact is from. */
  readonly source?: string
}

/** What one object needs: the address that it names, and the field that names it. */
export interface Dependency<Spec> {
  readonly address: Address
  readonly field: keyof Spec & string
}

/** What is wrong with one field of a spec, and what would be right. */
export interface Objection<Spec> {
  readonly field: keyof Spec & string
  readonly what: string
  readonly why: string
  readonly fix: string
  /** What kind of finding it is, where that is not the usual one. */
  readonly code?: Code
}

/** Where something goes that is taken out of a privileged cluster. */
export interface OutOf {
  /** A cluster's name; null for none. */
  readonly to: string | null
}

/** All that bridle knows about one kind of thing. Nothing in it touches a network. */
export interface Kind<Spec extends object, Written = unknown> extends Thing<Spec> {
  /** Whose calls carry it. */
  readonly provider: 'buildkite' | 'aws'
  /**
   * Where it stands in the files: `['clusters', '*', 'queues', '*']`. A star is a name that a person chose. A place
   * under another kind's place makes it that kind's child.
   */
  readonly place: readonly string[]
  /**
   * Set where its things stand in lists: `true` for the list at `place`, or the keys of the lists in the map that is
   * there. The star's names are then the key, if there are keys, and the entry itself if it is a text, else its number.
   */
  readonly listed?: true | readonly string[]
  /**
   * Set for one that is read only where files declare some, or where something is privileged: reading it costs much,
   * or asks for a scope that not every token has. `closely`: where none is declared, no more than a scope has.
   */
  readonly sparing?: true | 'closely'
  /** Set for one that nobody writes: it follows from what is written of other things, and `place` says beside which. */
  readonly derived?: true
  /** What a person may write at that place. A field left out is a field left alone. */
  readonly written: z.ZodType<Written>
  /** From the names in the stars' places and what is written there to a spec. */
  spec(names: readonly string[], written: Written): Spec
  /**
   * What a person would write of one that is there, and under which names: the other way round of `spec`. Where nothing is
   * said, it is the fields that can be written, under the names of its identity.
   */
  worded?(spec: Spec): { readonly names: readonly string[]; readonly written: unknown }
  /** The fields that say which one it is. They are never different, so they are never compared. */
  readonly identity: readonly (keyof Spec & string)[]
  /** The second half of the address. Survives every edit but a rename. */
  key(spec: Spec): string
  /** True if `was: old-key` may be written, and a new key be given to the same object. */
  readonly renames?: boolean
  /**
   * Where else it gets defaults: the map at `place`, in the other thing that its `field` names. A pipeline's are in
   * `['clusters', '*', 'pipeline_defaults']`, where the star is its `cluster`.
   */
  readonly defaultsFrom?: { readonly field: string; readonly place: readonly string[] }
  /**
   * Keys of `written` that name a file, and the key whose value is that file's text. A path of keys, with a star for
   * any, names one further inside: `inline_policies.*.file`.
   */
  readonly files?: Readonly<Record<string, string>>
  /** Where policy documents stand in `written`, by a path of keys, and what each is for. A text there is read as JSON. */
  readonly policies?: Readonly<Record<string, 'trust' | 'identity'>>
  /** What is declared together with it, of another kind: a role, and the instance profile of its name. */
  also?(written: Written, names: readonly string[]): readonly Also[]
  /** What a new one gets where nothing is written: the least access there is. */
  atCreation?(want: Spec): Partial<Spec>
  /**
   * What is wanted of one in a place that only the allowed may reach, even where nobody writes it.
   *
   * @param written  all that is written of it, as the files have it
   */
  whenPrivileged?(written: Readonly<Record<string, unknown>>): object
  /** What must exist before it, and outlive it. */
  dependencies(spec: Spec): Dependency<Spec>[]
  /** Fields that nothing can be made without. */
  readonly requires?: readonly (keyof Spec & string)[]
  /** What it names and does not need: a name that nobody declares is a mistake all the same. */
  mentions?(spec: Spec): Dependency<Spec>[]
  /**
   * What it keeps in another kind's place, without that being declared there: undeclared, it is no difference, and
   * declared, it would be written by two.
   */
  keeps?(spec: Spec): Address[]
  /** What the API would refuse for its size: asked of one as it will be sent. */
  limits?(want: Spec): Objection<Spec>[]
  /** What is wrong with a spec that is right in shape: two fields that exclude each other, a name that can't be kept. */
  check?(spec: Spec): Objection<Spec>[]
  /** What can be there, and still can't be made safely. */
  cannotCreate?(want: Spec): Objection<Spec>[]
  /** Fields equal in more ways than being the same data. */
  readonly diff?: {
    readonly [F in keyof Spec]?: (want: Exclude<Spec[F], undefined>, have: Spec[F]) => boolean
  }
  /** Fields that a plan shows in another form: the same for both, so that what differs is all that differs. */
  readonly show?: {
    readonly [F in keyof Spec]?: (
      want: Exclude<Spec[F], undefined>,
      have: Spec[F] | undefined,
    ) => { readonly before?: Json; readonly after: Json }
  }
  /** Fields that are maps, of which only the written keys are wanted. */
  readonly merged?: readonly (keyof Spec & string)[]
  /** Those of them that are read with all their keys: where there is no key there is nothing, and nothing unknown. */
  readonly entire?: readonly (keyof Spec & string)[]
  /**
   * What no update can reach. Nothing is replaced silently, so each is a finding.
   *
   * @param differ  the fields that differ
   * @param want    all that is written
   */
  cannot?(differ: Partial<Spec>, have: Live<Spec>, want: Spec): Objection<Spec>[]
  /** What a person should know of one that is there, and nothing is planned for: warnings. */
  warns?(have: Live<Spec>, want: Spec): Objection<Spec>[]
  /** Fields in which somebody could leave something that runs later: unwritten, they must hold nothing to be trusted. */
  readonly plantable?: readonly (keyof Spec & string)[]
  /**
   * A want in the terms of what is there, made before the two are compared: names become uuids, a day becomes "due".
   * What it names and is not there yet becomes a Ref.
   */
  resolve?(want: Spec, known: Known): Spec
  /** True for one whose making was interrupted: what is least at creation is still wanted then. */
  unfinished?(have: Live<Spec>): boolean
  /** What should be settled before one is made or changed, although nothing of it is named. */
  waitsFor?(spec: Spec): Address[]
  /** Who made one, where its spec does not tell: asked one by one, and so only of those few of which it matters. */
  origin?(api: Reader, have: Live<Spec>): Promise<Origin>
  /** True where the same key in capitals is the same key. */
  readonly caseless?: boolean
  /** The parent whose removal takes this along, where the API would leave it behind. */
  goesWith?(spec: Spec): Address
  /** True for what hosts let jobs in by, whoever has a grant: it is written after all that takes one. */
  readonly letsIn?: boolean
  /** Fields that change by themselves, and so do not make a reviewed plan stale. */
  readonly volatile?: readonly (keyof Spec & string)[]
  /** True for something that is as good as gone: undeclared, it is no difference. */
  retired?(have: Live<Spec>): boolean
  /** What is left of one that was removed, where removing is not deleting: an archived pipeline still has its cluster. */
  left?(spec: Spec, outOf?: OutOf): Spec
  /** How a change is carried out. Writing is a script, so it is data: in order, one call after another. */
  readonly operations: {
    create(want: Spec): Call[]
    update(want: Partial<Spec>, have: Live<Spec>): Call[]
    /** @param outOf  set where it is in a privileged cluster, and the cluster that it is moved to, if to any */
    remove(have: Live<Spec>, outOf?: OutOf): Call[]
  }
  /** What the change may cost people who are not reading the plan. */
  risk(change: Change<Spec>): Risk
}

/** Something that is declared by a key of another thing. */
export interface Also {
  readonly kind: AnyKind
  readonly names: readonly string[]
  readonly written: unknown
}

/** A kind whose spec is its own business: what lists of kinds hold. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a kind takes its own spec in and gives it out, so only `any` holds all
export type AnyKind = Kind<any, any>

/** How many names a person chose on the way to something of a kind. */
export const starsIn = ({ place }: Pick<AnyKind, 'place'>): number =>
  place.filter((segment) => segment === '*').length

/** Checks a kind against the interface, and keeps what it says of itself. */
export const defineKind = <Spec extends object, Written>(kind: Kind<Spec, Written>): Kind<Spec, Written> =>
  kind
