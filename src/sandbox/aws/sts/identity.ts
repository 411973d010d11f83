import * as z from 'zod'
import { operation } from '../operation.js'

/** Whoever can sign may ask who they are. */
const getCallerIdentity = operation('sts', 'GetCallerIdentity', z.object({}), {
  does: ({ caller }) => ({ Arn: caller.arn, UserId: caller.userId, Account: caller.account }),
})

export const identity = [getCallerIdentity]
