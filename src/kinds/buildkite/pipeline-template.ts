import { keyOf } from '../../model/address.js'
import * as api from '../../../graphql/api.js'
import type { Thing } from '../kind.js'

/** Steps kept for many pipelines. bridle names templates, and does not write them yet. */
export const pipelineTemplate: Thing<{ readonly name: string }> = {
  name: 'pipeline-template',
  plural: 'pipeline_templates',
  asks: { graphql: [api.PipelineTemplates] },
  async *read(buildkite) {
    for await (const { id, uuid, name } of buildkite.pages(api.PipelineTemplates, {}))
      yield { key: keyOf(name), id, uuid, spec: { name } }
  },
}
