import type { ParameterDetail } from '../../src/model/aws.js'
import type { ReadyCall } from '../../src/model/call.js'

/** The parameters of one account, as SSM keeps them: each write counts, and none changes type or goes back in tier. */
export class Parameters {
  readonly all = new Map<string, ParameterDetail>()

  put(name: string, value: string, more: Partial<ParameterDetail> = {}) {
    const before = this.all.get(name)
    this.all.set(name, {
      name,
      arn: `arn:aws:ssm:eu-west-1:111111111111:parameter${name}`,
      type: 'String',
      value,
      tier: 'Standard',
      keyId: null,
      description: null,
      modifiedAt: null,
      tags: before?.tags ?? {},
      ...more,
      version: (before?.version ?? 0) + 1,
    })
  }

  under(paths: readonly string[]): readonly ParameterDetail[] {
    return [...this.all.values()].filter(({ name }) =>
      paths.some((path) => name === path || name.startsWith(path.endsWith('/') ? path : `${path}/`)),
    )
  }

  send(call: ReadyCall) {
    if (call.via !== 'aws' || call.service !== 'ssm') throw new Error('only SSM is here')
    const { Name, Value, Tier, Overwrite, Tags, ResourceId, Description } = call.input as Record<
      string,
      string
    >
    const tags = Object.fromEntries(
      ((Tags ?? []) as unknown as { Key: string; Value: string }[]).map(({ Key, Value }) => [Key, Value]),
    )
    switch (call.operation) {
      case 'PutParameter': {
        const before = this.all.get(Name!)
        if (before !== undefined && !Overwrite) throw new Error('ParameterAlreadyExists')
        if (Overwrite && Tags) throw new Error('tags and overwrite are refused together')
        if (before?.tier === 'Advanced' && Tier !== 'Advanced') throw new Error('no way back from Advanced')
        if (Buffer.byteLength(Value!) > (Tier === 'Advanced' ? 8_192 : 4_096)) throw new Error('too long')
        this.put(Name!, Value!, {
          tier: Tier!,
          description: Description ?? null,
          ...(before === undefined && { tags }),
        })
        break
      }
      case 'DeleteParameter':
        if (!this.all.delete(Name!)) throw new Error('ParameterNotFound')
        break
      case 'AddTagsToResource': {
        const one = this.all.get(ResourceId!)
        if (one !== undefined) this.all.set(ResourceId!, { ...one, tags: { ...one.tags, ...tags } })
        break
      }
      default:
        throw new Error(call.operation)
    }
  }
}
