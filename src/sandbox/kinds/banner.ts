import { idOf } from '../ids.js'
import { fields, type SandboxKind } from '../kind.js'
import { pageOf } from '../order.js'
import type { PageArguments } from '../pages.js'
import { isAdmin } from '../rights.js'
import type { Organization } from '../rows.js'
import { organizationById } from '../seen.js'
import { first, where } from '../table.js'
import { allow, change, make, remove, there } from '../write.js'

/** What admins want everybody to read. There is one at a time. */
export const banner: SandboxKind = {
  types: {
    Organization: fields<Organization>({
      banners: ({ uuid }, args: PageArguments, context) =>
        pageOf(context, where(context.state.tables.banners, 'organization', uuid), args),
    }),
  },
  mutations: {
    organizationBannerUpsert: (
      input: { readonly organizationId: string; readonly message: string },
      context,
    ) => {
      const { uuid } = organizationById(context, input.organizationId)
      allow(isAdmin(context, uuid))
      const have = first(context.state.tables.banners, 'organization', uuid)
      const { message } = input
      return {
        banner: have
          ? change(context, 'banners', have, { message })
          : make(context, 'banners', { organization: uuid, message }),
      }
    },
    organizationBannerDelete: (input: { readonly organizationId: string }, context) => {
      const { uuid } = organizationById(context, input.organizationId)
      allow(isAdmin(context, uuid))
      const have = there(first(context.state.tables.banners, 'organization', uuid), 'Banner')
      remove(context, 'banners', have)
      return { deletedBannerId: idOf('OrganizationBanner', have.uuid) }
    },
  },
}
