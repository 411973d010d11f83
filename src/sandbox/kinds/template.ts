import * as z from 'zod'
import { organizationSeen, type Context } from '../context.js'
import { idOf, uuidIn } from '../ids.js'
import { fields, type SandboxKind } from '../kind.js'
import { inOrder, pageOf } from '../order.js'
import { restPage, type PageArguments } from '../pages.js'
import { Refused } from '../refused.js'
import { isAdmin } from '../rights.js'
import {
  created,
  gone,
  inOrganization,
  ok,
  read,
  updates,
  webOf,
  type OrganizationRequest,
} from '../route.js'
import type { Organization, Template } from '../rows.js'
import { at, ofCreator, organizationById, userOf } from '../seen.js'
import { get, where } from '../table.js'
import { allow, change, make, remove, there, wantedOf, type Changes } from '../write.js'
import { personOf } from './user.js'

type Wanted = Changes<'templates', 'name' | 'description' | 'configuration' | 'available'>

/** Who is no admin sees what they may assign. */
const templateSeen = (context: Context, uuid: string | undefined) => {
  const row = get(context.state.tables.templates, uuid)
  const seen = row && organizationSeen(context, (organization) => organization.uuid === row.organization)
  return seen && (row.available || isAdmin(context, seen.uuid)) ? row : undefined
}

const templateById = (context: Context, id: string) =>
  there(templateSeen(context, uuidIn('PipelineTemplate', id)), 'Pipeline Template')

const templatesOf = (context: Context, organization: string, order = 'NAME') =>
  inOrder(
    where(context.state.tables.templates, 'organization', organization).filter((row) =>
      templateSeen(context, row.uuid),
    ),
    order,
    ({ name }) => name,
  )

const createTemplate = (
  context: Context,
  { uuid }: Organization,
  wanted: Wanted & { readonly name: string; readonly configuration: string },
): Template => {
  allow(isAdmin(context, uuid))
  if (wanted.name.trim() === '') throw new Refused("Validation failed: Name can't be blank")
  return make(context, 'templates', {
    organization: uuid,
    name: wanted.name,
    description: wanted.description ?? null,
    configuration: wanted.configuration,
    available: wanted.available ?? false,
    updatedAt: context.now,
    updatedBy: context.viewer.user.uuid,
  })
}

/** Changes every pipeline that uses it. */
const updateTemplate = (context: Context, row: Template, wanted: Wanted): Template => {
  allow(isAdmin(context, row.organization))
  return change(context, 'templates', row, {
    ...wantedOf(wanted, ['description']),
    updatedAt: context.now,
    updatedBy: context.viewer.user.uuid,
  })
}

const deleteTemplate = (context: Context, row: Template): void => {
  allow(isAdmin(context, row.organization))
  if (where(context.state.tables.pipelines, 'pipelineTemplate', row.uuid).length > 0)
    throw new Refused('Validation failed: Pipeline template is still assigned to pipelines')
  remove(context, 'templates', row)
}

const body = ({ context, organization, base }: OrganizationRequest, row: Template) => ({
  uuid: row.uuid,
  graphql_id: idOf('PipelineTemplate', row.uuid),
  name: row.name,
  description: row.description,
  configuration: row.configuration,
  available: row.available,
  url: `${base}/pipeline-templates/${row.uuid}`,
  web_url: `${webOf(organization)}/pipeline-templates/${row.uuid}`,
  created_at: row.createdAt,
  created_by: personOf(context, row.createdBy),
  updated_at: row.updatedAt,
  updated_by: personOf(context, row.updatedBy),
})

const given = z.object({
  name: z.string().optional(),
  description: z.string().nullish(),
  configuration: z.string().optional(),
  available: z.boolean().optional(),
})

const templateAt = (request: OrganizationRequest): Template =>
  at(request, templateSeen(request.context, request.params['template']), 'pipeline template')

const WRITE = 'write_pipeline_templates'
const READ = 'read_pipeline_templates'

/** Steps that admins write and pipelines share. */
export const template: SandboxKind = {
  types: {
    Query: fields({
      pipelineTemplate: (_root, { uuid }: { readonly uuid: string }, context) =>
        templateSeen(context, uuid) ?? null,
    }),
    Organization: fields<Organization>({
      pipelineTemplates: ({ uuid }, args: PageArguments & { readonly order?: string }, context) =>
        pageOf(context, templatesOf(context, uuid, args.order), args),
    }),
    PipelineTemplate: fields<Template>({
      createdBy: ofCreator,
      updatedBy: ({ updatedBy }, _args, context) => userOf(context, updatedBy),
    }),
  },
  nodes: { PipelineTemplate: templateSeen },
  mutations: {
    pipelineTemplateCreate: (
      {
        organizationId,
        ...wanted
      }: Wanted & { readonly organizationId: string; readonly name: string; readonly configuration: string },
      context,
    ) => ({ pipelineTemplate: createTemplate(context, organizationById(context, organizationId), wanted) }),
    pipelineTemplateUpdate: (
      { id, name, description, configuration, available }: Wanted & { readonly id: string },
      context,
    ) => ({
      pipelineTemplate: updateTemplate(context, templateById(context, id), {
        name,
        description,
        configuration,
        available,
      }),
    }),
    pipelineTemplateDelete: ({ id }: { readonly id: string }, context) => {
      deleteTemplate(context, templateById(context, id))
      return { deletedPipelineTemplateId: id }
    },
  },
  routes: [
    inOrganization('GET', '/pipeline-templates', READ, (request) =>
      restPage(templatesOf(request.context, request.organization.uuid), request.url, (row) =>
        body(request, row),
      ),
    ),
    inOrganization('POST', '/pipeline-templates', WRITE, (request) => {
      const wanted = read(given.required({ name: true, configuration: true }), request.body)
      return created(body(request, createTemplate(request.context, request.organization, wanted)))
    }),
    inOrganization('GET', '/pipeline-templates/:template', READ, (request) =>
      ok(body(request, templateAt(request))),
    ),
    ...updates('/pipeline-templates/:template', WRITE, (request) =>
      ok(body(request, updateTemplate(request.context, templateAt(request), read(given, request.body)))),
    ),
    inOrganization('DELETE', '/pipeline-templates/:template', WRITE, (request) => {
      deleteTemplate(request.context, templateAt(request))
      return gone
    }),
  ],
}
