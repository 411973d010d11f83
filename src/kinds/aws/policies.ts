import type { Json } from '../../model/json.js'
import { parsePolicy, type PolicyDocument, type PolicyUse } from '../../policy/document.js'
import { alike, same } from '../../policy/same.js'

const parsed = (policy: Json | undefined, use: PolicyUse): PolicyDocument | undefined => {
  if (policy === undefined || policy === null) return undefined
  const document = parsePolicy(policy, { for: use })
  return 'document' in document ? document.document : undefined
}

/** Whether two policies say the same. One that IAM would not take is the same as nothing but itself. */
export const samePolicy = (a: Json, b: Json, use: PolicyUse): boolean => {
  const [one, other] = [parsed(a, use), parsed(b, use)]
  if (one === undefined || other === undefined) return JSON.stringify(a) === JSON.stringify(b)
  return same(one, other)
}

/** Two policies in one form, so that what differs between them is all that differs. */
export const shownPolicies = (
  want: Json,
  have: Json | undefined,
  use: PolicyUse,
): { readonly before?: Json; readonly after: Json } => {
  const [wanted, had] = [parsed(want, use), parsed(have, use)]
  if (have === undefined) return { after: want }
  if (wanted === undefined || had === undefined) return { before: have, after: want }
  const both = alike(had, wanted)
  return { before: both.have, after: both.want }
}
