import type { Standing } from '../model/standing.js'
import { visible } from './escape.js'

/** `2026-11-01 03:00 UTC`, from an ISO time. */
export const minute = (at: string): string => visible(`${at.slice(0, 10)} ${at.slice(11, 16)} UTC`)

/** `new`, or `since 2026-11-01 03:00 UTC`; nothing where there was no earlier run to tell by. */
export const standingOf = ({ standing, firstSeen }: Standing): string | undefined =>
  standing === undefined
    ? undefined
    : standing === 'new' || firstSeen === undefined
      ? 'new'
      : `since ${minute(firstSeen)}`
